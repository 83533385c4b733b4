"""The simulator: partners, devices and time of every rehearsal, by a seed.

It opens no private door. Whatever it makes reaches the product as any operator's world does: a
partner by its file, a device by a request, time by the workspace's clock. Where thousands of ramps
are replayed it makes the counts of the requests instead, for the public code that judges counts.
"""
