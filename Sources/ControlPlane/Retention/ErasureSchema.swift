import Registry

extension RegistrySchema {
    /// What may be erased of what is else never changed: a file and its name, what a note says, why evidence was withdrawn. That it was there,
    /// when and by whom stays. Each erasure is a row until nothing of what it erased is left in any file.
    static let erasure = """
        ALTER TABLE partner ADD COLUMN erased INTEGER;
        ALTER TABLE evidence ADD COLUMN erased INTEGER;
        ALTER TABLE note ADD COLUMN erased INTEGER;
        CREATE TABLE erasure (number INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, settled INTEGER) STRICT;
        INSERT INTO erasure (time) VALUES (0);
        CREATE INDEX erasure_to_settle ON erasure (number) WHERE settled IS NULL;
        CREATE INDEX evidence_with_a_file ON evidence (digest) WHERE erased IS NULL;
        \(evidenceIsErasedOnce)
        \(notesAreErasedOnce)
        """

    private static let evidenceIsErasedOnce = """
        DROP TRIGGER evidence_is_never_changed;
        CREATE TRIGGER evidence_is_never_changed
            BEFORE UPDATE OF number, id, application, kind, digest, media_type, bytes, issued, expires, added, added_by ON evidence
            BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
        CREATE TRIGGER evidence_keeps_its_name BEFORE UPDATE OF name ON evidence
            WHEN new.name IS NOT old.name AND NOT (old.erased IS NULL AND new.erased IS NOT NULL)
            BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
        CREATE TRIGGER evidence_is_erased_once BEFORE UPDATE OF erased ON evidence WHEN old.erased IS NOT NULL OR new.erased IS NULL
            BEGIN SELECT RAISE(ABORT, 'evidence is erased once'); END;
        CREATE TRIGGER evidence_that_counts_has_its_file BEFORE UPDATE OF erased ON evidence
            WHEN new.withdrawn IS NULL AND (new.expires IS NULL OR new.expires > new.erased)
            BEGIN SELECT RAISE(ABORT, 'evidence that counts is not erased'); END;
        DROP TRIGGER evidence_is_withdrawn_once;
        CREATE TRIGGER evidence_is_withdrawn_once BEFORE UPDATE OF withdrawn, withdrawn_by, withdrawn_reason ON evidence
            WHEN old.withdrawn IS NOT NULL AND NOT (old.erased IS NULL AND new.erased IS NOT NULL
                AND new.withdrawn IS old.withdrawn AND new.withdrawn_by IS old.withdrawn_by)
            BEGIN SELECT RAISE(ABORT, 'evidence is withdrawn once'); END;
        """

    private static let notesAreErasedOnce = """
        DROP TRIGGER note_is_never_changed;
        CREATE TRIGGER note_is_never_changed BEFORE UPDATE ON note
            WHEN old.erased IS NOT NULL OR new.erased IS NULL OR new.text <> '\(Erasure.mark)' OR new.number <> old.number
            OR new.application <> old.application OR new.audience <> old.audience OR new.time <> old.time OR new.actor <> old.actor
            BEGIN SELECT RAISE(ABORT, 'notes are append-only'); END;
        """
}
