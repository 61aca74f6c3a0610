import GRDB

/// The database's own rules: what must never happen is refused here, whatever the code above does.
/// Capacity belongs to the triggers: booking, cancelling or moving a place changes it in the same statement, so none can be lost.
enum Schema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1") { database in
            try database.execute(sql: geography)
            try database.execute(sql: citizens)
            try database.execute(sql: appointments)
            try database.execute(sql: triggers)
        }
        return migrator
    }()

    private static let geography = """
        CREATE TABLE state (
            state_id INTEGER PRIMARY KEY,
            state_name TEXT NOT NULL,
            state_name_l TEXT NOT NULL
        ) STRICT;
        CREATE TABLE district (
            district_id INTEGER PRIMARY KEY,
            state_id INTEGER NOT NULL REFERENCES state,
            district_name TEXT NOT NULL
        ) STRICT;
        CREATE INDEX district_by_state ON district (state_id);
        CREATE TABLE centre (
            center_id INTEGER PRIMARY KEY,
            district_id INTEGER NOT NULL REFERENCES district,
            name TEXT NOT NULL,
            name_l TEXT NOT NULL,
            address TEXT NOT NULL,
            block_name TEXT NOT NULL,
            pincode INTEGER NOT NULL CHECK (pincode BETWEEN 100000 AND 999999),
            latitude REAL NOT NULL CHECK (latitude BETWEEN -90 AND 90),
            longitude REAL NOT NULL CHECK (longitude BETWEEN -180 AND 180),
            opens TEXT NOT NULL,
            closes TEXT NOT NULL,
            fee_type TEXT NOT NULL CHECK (fee_type IN ('Free', 'Paid'))
        ) STRICT;
        CREATE INDEX centre_by_district ON centre (district_id);
        CREATE INDEX centre_by_pincode ON centre (pincode);
        CREATE INDEX centre_by_position ON centre (latitude, longitude);
        CREATE TABLE session (
            session_id TEXT NOT NULL UNIQUE CHECK (length(session_id) = 36),
            center_id INTEGER NOT NULL REFERENCES centre,
            day INTEGER NOT NULL,
            vaccine TEXT NOT NULL,
            min_age_limit INTEGER NOT NULL CHECK (min_age_limit IN (15, 18, 45)),
            fee INTEGER NOT NULL CHECK (fee >= 0),
            slots TEXT NOT NULL CHECK (json_valid(slots)),
            seeded_dose1 INTEGER NOT NULL CHECK (seeded_dose1 >= 0),
            seeded_dose2 INTEGER NOT NULL CHECK (seeded_dose2 >= 0),
            capacity_dose1 INTEGER NOT NULL CHECK (capacity_dose1 BETWEEN 0 AND seeded_dose1),
            capacity_dose2 INTEGER NOT NULL CHECK (capacity_dose2 BETWEEN 0 AND seeded_dose2),
            available_capacity INTEGER NOT NULL GENERATED ALWAYS AS (capacity_dose1 + capacity_dose2) VIRTUAL,
            PRIMARY KEY (center_id, day, vaccine, min_age_limit)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE seeded_day (day INTEGER PRIMARY KEY) STRICT;
        """

    private static let citizens = """
        CREATE TABLE account (
            account_id TEXT PRIMARY KEY CHECK (length(account_id) = 36),
            mobile TEXT NOT NULL UNIQUE CHECK (length(mobile) = 10 AND mobile NOT GLOB '*[^0-9]*')
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE otp_transaction (
            txn_id TEXT PRIMARY KEY,
            mobile TEXT NOT NULL,
            application_id TEXT,
            code_sha256 TEXT NOT NULL CHECK (length(code_sha256) = 64),
            wrong_tries INTEGER NOT NULL DEFAULT 0 CHECK (wrong_tries BETWEEN 0 AND \(Limits.oneTimeCodeTries)),
            used INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1)),
            sent_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL CHECK (expires_at > sent_at)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX otp_transaction_by_mobile ON otp_transaction (mobile, sent_at);
        CREATE INDEX otp_transaction_by_age ON otp_transaction (sent_at);
        CREATE TABLE outbox (
            message_id INTEGER PRIMARY KEY AUTOINCREMENT,
            txn_id TEXT NOT NULL UNIQUE,
            mobile TEXT NOT NULL,
            code TEXT NOT NULL CHECK (length(code) = 6),
            expires_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX outbox_by_mobile ON outbox (mobile);
        CREATE INDEX outbox_by_expiry ON outbox (expires_at);
        CREATE TABLE beneficiary (
            beneficiary_reference_id TEXT PRIMARY KEY CHECK (length(beneficiary_reference_id) = 14),
            account_id TEXT NOT NULL REFERENCES account,
            name TEXT NOT NULL CHECK (length(name) > 0),
            birth_year INTEGER NOT NULL CHECK (birth_year >= \(Limits.earliestBirthYear)),
            gender_id INTEGER,
            photo_id_type INTEGER NOT NULL,
            photo_id_number TEXT NOT NULL CHECK (length(photo_id_number) > 0),
            comorbidity_ind TEXT NOT NULL CHECK (comorbidity_ind IN ('Y', 'N')),
            consent_version TEXT NOT NULL,
            UNIQUE (photo_id_type, photo_id_number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX beneficiary_by_account ON beneficiary (account_id);
        CREATE TABLE vaccination (
            beneficiary_reference_id TEXT NOT NULL REFERENCES beneficiary,
            dose INTEGER NOT NULL CHECK (dose IN (1, 2)),
            day INTEGER NOT NULL,
            vaccine TEXT NOT NULL,
            PRIMARY KEY (beneficiary_reference_id, dose)
        ) STRICT, WITHOUT ROWID;
        """

    /// A place is `booked` until it is cancelled (it comes back), used at the centre, or missed (its day went by).
    private static let appointments = """
        CREATE TABLE appointment (
            appointment_id TEXT PRIMARY KEY CHECK (length(appointment_id) = 36),
            account_id TEXT NOT NULL REFERENCES account,
            session_id TEXT NOT NULL REFERENCES session (session_id),
            dose INTEGER NOT NULL CHECK (dose IN (1, 2)),
            slot TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX appointment_by_account ON appointment (account_id);
        CREATE INDEX appointment_by_session ON appointment (session_id);
        CREATE TABLE place (
            appointment_id TEXT NOT NULL REFERENCES appointment,
            beneficiary_reference_id TEXT NOT NULL REFERENCES beneficiary ON DELETE CASCADE,
            dose INTEGER NOT NULL CHECK (dose IN (1, 2)),
            state TEXT NOT NULL DEFAULT 'booked' CHECK (state IN ('booked', 'cancelled', 'used', 'missed')),
            PRIMARY KEY (appointment_id, beneficiary_reference_id)
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX one_booked_place_a_dose ON place (beneficiary_reference_id, dose) WHERE state = 'booked';
        CREATE INDEX place_by_beneficiary ON place (beneficiary_reference_id);
        """

    private static let triggers = """
        CREATE TRIGGER beneficiaries_in_account BEFORE INSERT ON beneficiary
        WHEN (SELECT count(*) FROM beneficiary WHERE account_id = NEW.account_id) >= \(Limits.beneficiariesInAccount)
        BEGIN SELECT RAISE(ABORT, 'account is full'); END;

        CREATE TRIGGER booked_beneficiary_stays BEFORE DELETE ON beneficiary
        WHEN EXISTS (SELECT 1 FROM place WHERE beneficiary_reference_id = OLD.beneficiary_reference_id AND state = 'booked')
        BEGIN SELECT RAISE(ABORT, 'beneficiary is booked'); END;

        CREATE TRIGGER booked_place_stays BEFORE DELETE ON place WHEN OLD.state = 'booked'
        BEGIN SELECT RAISE(ABORT, 'a booked place is cancelled, not deleted'); END;

        CREATE TRIGGER place_begins_booked BEFORE INSERT ON place WHEN NEW.state <> 'booked'
            OR NEW.dose <> (SELECT dose FROM appointment WHERE appointment_id = NEW.appointment_id)
        BEGIN SELECT RAISE(ABORT, 'a place begins booked, for its appointment''s dose'); END;

        CREATE TRIGGER place_ends_once BEFORE UPDATE ON place WHEN OLD.state <> 'booked' OR NEW.dose <> OLD.dose
            OR NEW.appointment_id <> OLD.appointment_id OR NEW.beneficiary_reference_id <> OLD.beneficiary_reference_id
        BEGIN SELECT RAISE(ABORT, 'only a booked place changes, and only its state'); END;

        CREATE TRIGGER place_is_taken AFTER INSERT ON place
        BEGIN
            UPDATE session SET capacity_dose1 = capacity_dose1 - (NEW.dose = 1), capacity_dose2 = capacity_dose2 - (NEW.dose = 2)
            WHERE session_id = (SELECT session_id FROM appointment WHERE appointment_id = NEW.appointment_id);
        END;

        CREATE TRIGGER cancelled_place_comes_back AFTER UPDATE OF state ON place WHEN NEW.state = 'cancelled'
        BEGIN
            UPDATE session SET capacity_dose1 = capacity_dose1 + (NEW.dose = 1), capacity_dose2 = capacity_dose2 + (NEW.dose = 2)
            WHERE session_id = (SELECT session_id FROM appointment WHERE appointment_id = NEW.appointment_id);
        END;

        CREATE TRIGGER appointment_keeps_dose BEFORE UPDATE ON appointment
        WHEN NEW.dose <> OLD.dose OR NEW.account_id <> OLD.account_id
        BEGIN SELECT RAISE(ABORT, 'an appointment keeps its dose and account'); END;

        CREATE TRIGGER moved_places AFTER UPDATE OF session_id ON appointment WHEN NEW.session_id <> OLD.session_id
        BEGIN
            UPDATE session SET
                capacity_dose1 = capacity_dose1 + (NEW.dose = 1) * \(bookedPlaces),
                capacity_dose2 = capacity_dose2 + (NEW.dose = 2) * \(bookedPlaces)
            WHERE session_id = OLD.session_id;
            UPDATE session SET
                capacity_dose1 = capacity_dose1 - (NEW.dose = 1) * \(bookedPlaces),
                capacity_dose2 = capacity_dose2 - (NEW.dose = 2) * \(bookedPlaces)
            WHERE session_id = NEW.session_id;
        END;
        """

    private static let bookedPlaces = "(SELECT count(*) FROM place WHERE appointment_id = NEW.appointment_id AND state = 'booked')"
}
