namespace Millrace.Events.Tests;

public sealed class RefusalReasonTests
{
    /// <summary>Codes stand in tables, in HTTP answers and on dashboards of users: none may change, new ones go to the end.</summary>
    [Fact]
    public void Codes_and_numbers_are_frozen()
    {
        string[] frozen =
        [
            "none", "null_value", "too_large", "invalid_utf8", "byte_order_mark", "not_json", "not_an_object", "too_deep", "nul_character",
            "lone_surrogate", "number_out_of_range", "duplicate_field", "event_type_missing", "event_type_invalid", "event_id_invalid",
            "user_id_invalid", "timestamp_invalid", "schema_version_invalid", "correlation_id_invalid", "rejected_by_database",
            "hook_failed", "retries_exhausted", "parking_full", "schema_violation", "schema_version_unknown", "event_type_unknown",
        ];

        Assert.Equal(frozen, Enum.GetValues<RefusalReason>().Order().Select(reason => reason.Code()));
        Assert.Equal(Enumerable.Range(0, frozen.Length), Enum.GetValues<RefusalReason>().Order().Select(reason => (int)reason));
    }

    [Fact]
    public void Number_outside_the_set_has_no_code()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ((RefusalReason)1000).Code());
    }
}
