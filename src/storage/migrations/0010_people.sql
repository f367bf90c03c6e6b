-- Whom a trusted proxy named as the one who did it, where nobody showed a key.
ALTER TABLE audit_entries ADD COLUMN person text;
