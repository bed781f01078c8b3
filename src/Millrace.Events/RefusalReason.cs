namespace Millrace.Events;

/// <summary>
/// Why a record cannot be an event. A closed set: <see cref="RefusalReasons.Code"/> gives the name that stands in tables, answers
/// and metrics. Numbers and names are frozen; new reasons go to the end.
/// </summary>
public enum RefusalReason
{
    /// <summary>It is an event.</summary>
    None = 0,

    /// <summary>The record has no value (a tombstone).</summary>
    NullValue = 1,

    /// <summary>The value is larger than <see cref="EnvelopeReader.MaxBytes"/>.</summary>
    TooLarge = 2,

    /// <summary>The value is not UTF-8.</summary>
    InvalidUtf8 = 3,

    /// <summary>The value begins with a byte order mark, which JSON text must not (RFC 8259, 8.1).</summary>
    ByteOrderMark = 4,

    /// <summary>The value is not one JSON text: a syntax error, something after its end, or nothing at all.</summary>
    NotJson = 5,

    /// <summary>The value is JSON, but not an object.</summary>
    NotAnObject = 6,

    /// <summary>Objects and arrays are nested deeper than <see cref="EnvelopeReader.MaxDepth"/>.</summary>
    TooDeep = 7,

    /// <summary>U+0000 is in it, raw or as an escape; PostgreSQL's text cannot hold it.</summary>
    NulCharacter = 8,

    /// <summary>An escape names one half of a surrogate pair without the other; there is no such character.</summary>
    LoneSurrogate = 9,

    /// <summary>A number has more digits or a larger exponent than PostgreSQL's <c>numeric</c>, which <c>jsonb</c> uses, can hold.</summary>
    NumberOutOfRange = 10,

    /// <summary>A field of the envelope occurs twice, so that readers could disagree about which one counts.</summary>
    DuplicateField = 11,

    /// <summary><c>eventType</c> is missing.</summary>
    EventTypeMissing = 12,

    /// <summary><c>eventType</c> is not a string of 1 to 200 characters.</summary>
    EventTypeInvalid = 13,

    /// <summary><c>eventId</c> is not a UUID in the form of RFC 9562, or is the nil UUID.</summary>
    EventIdInvalid = 14,

    /// <summary><c>userId</c> is neither a string nor a number, or is longer than 256 characters.</summary>
    UserIdInvalid = 15,

    /// <summary><c>timestamp</c> is neither RFC 3339 nor epoch milliseconds, or is outside the years 1 to 9999.</summary>
    TimestampInvalid = 16,

    /// <summary><c>schemaVersion</c> is not a whole number from 0 to 2147483647.</summary>
    SchemaVersionInvalid = 17,

    /// <summary><c>correlationId</c> is neither a string nor a number, or is longer than 256 characters.</summary>
    CorrelationIdInvalid = 18,

    /// <summary>The database refused the row itself (SQLSTATE classes 22 and 23, and 21000), for example by a constraint that was added to the table.</summary>
    RejectedByDatabase = 19,

    /// <summary>A hook of the application failed for this event, which has no user behind whom it could wait.</summary>
    HookFailed = 20,

    /// <summary>The event waited for its user, and failed as often as it is tried.</summary>
    RetriesExhausted = 21,

    /// <summary>The event had to wait for its user, and as many as may were waiting already.</summary>
    ParkingFull = 22,

    /// <summary>The event does not fit the schema of its type.</summary>
    SchemaViolation = 23,

    /// <summary><c>schemaVersion</c> names a version that its type has no schema for.</summary>
    SchemaVersionUnknown = 24,

    /// <summary>Its type has no schema, and only types that have one are taken.</summary>
    EventTypeUnknown = 25,
}
