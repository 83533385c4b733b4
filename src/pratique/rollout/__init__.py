"""Rollout: releases, stages, cohorts and the gate; lets through what is approved."""
