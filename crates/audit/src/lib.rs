//! Stores, networks and questions to reports: audit, diff, explain, lint. No IO.
