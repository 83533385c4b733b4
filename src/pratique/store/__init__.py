"""Store: the database, its transactions and migrations, and bytes that are named by their hash."""
