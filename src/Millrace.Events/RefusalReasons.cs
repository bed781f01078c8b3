namespace Millrace.Events;

/// <summary>The names of the reasons.</summary>
public static class RefusalReasons
{
    /// <summary>Whether the record is an event all the same: it passed the check, and what failed came after.</summary>
    public static bool IsOfAnEvent(this RefusalReason reason) => reason is
        RefusalReason.RejectedByDatabase or RefusalReason.HookFailed or RefusalReason.RetriesExhausted or RefusalReason.ParkingFull
        || reason.IsOfSchemas();

    /// <summary>Whether the record is an event that the schemas in force refuse: other schemas may take it as it is.</summary>
    public static bool IsOfSchemas(this RefusalReason reason) => reason is
        RefusalReason.SchemaViolation or RefusalReason.SchemaVersionUnknown or RefusalReason.EventTypeUnknown;

    /// <summary>The stable name of <paramref name="reason"/>, as it stands in <c>pipeline.dead_letters.reason</c> and in HTTP answers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not of the set.</exception>
    public static string Code(this RefusalReason reason) => reason switch
    {
        RefusalReason.None => "none",
        RefusalReason.NullValue => "null_value",
        RefusalReason.TooLarge => "too_large",
        RefusalReason.InvalidUtf8 => "invalid_utf8",
        RefusalReason.ByteOrderMark => "byte_order_mark",
        RefusalReason.NotJson => "not_json",
        RefusalReason.NotAnObject => "not_an_object",
        RefusalReason.TooDeep => "too_deep",
        RefusalReason.NulCharacter => "nul_character",
        RefusalReason.LoneSurrogate => "lone_surrogate",
        RefusalReason.NumberOutOfRange => "number_out_of_range",
        RefusalReason.DuplicateField => "duplicate_field",
        RefusalReason.EventTypeMissing => "event_type_missing",
        RefusalReason.EventTypeInvalid => "event_type_invalid",
        RefusalReason.EventIdInvalid => "event_id_invalid",
        RefusalReason.UserIdInvalid => "user_id_invalid",
        RefusalReason.TimestampInvalid => "timestamp_invalid",
        RefusalReason.SchemaVersionInvalid => "schema_version_invalid",
        RefusalReason.CorrelationIdInvalid => "correlation_id_invalid",
        RefusalReason.RejectedByDatabase => "rejected_by_database",
        RefusalReason.HookFailed => "hook_failed",
        RefusalReason.RetriesExhausted => "retries_exhausted",
        RefusalReason.ParkingFull => "parking_full",
        RefusalReason.SchemaViolation => "schema_violation",
        RefusalReason.SchemaVersionUnknown => "schema_version_unknown",
        RefusalReason.EventTypeUnknown => "event_type_unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason for refusal."),
    };
}
