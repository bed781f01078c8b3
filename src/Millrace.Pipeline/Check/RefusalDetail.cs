using Millrace.Events;
using Millrace.Pipeline.Parking;

namespace Millrace.Pipeline.Check;

/// <summary>What a person who looks at a dead letter, or at the answer to a request, reads beside the reason's code.</summary>
internal static class RefusalDetail
{
    /// <summary>What stands beside <see cref="RefusalReason.ParkingFull"/>.</summary>
    /// <param name="failure">How the event failed; null when it only had to wait behind others.</param>
    public static string ParkingFull(EventFailure? failure) => failure is null
        ? "The event had to wait behind others of its user, and as many wait as may."
        : $"As many events wait as may, so this one could not: {failure.Detail}";

    /// <summary>One sentence.</summary>
    /// <param name="reason">Why the event was refused.</param>
    /// <param name="position">The byte where that was seen.</param>
    /// <param name="length">The event's length in bytes.</param>
    public static string Describe(RefusalReason reason, int position, int length) => reason switch
    {
        RefusalReason.NullValue => "The record has no value.",
        RefusalReason.TooLarge => $"The event has {length} bytes; at most {EnvelopeReader.MaxBytes} are allowed.",
        RefusalReason.InvalidUtf8 => "The event is not UTF-8.",
        RefusalReason.ByteOrderMark => "The event begins with a byte order mark; JSON must not.",
        RefusalReason.NotJson => length == 0 ? "The event is empty." : $"The event is not valid JSON; the error is at byte {position}.",
        RefusalReason.NotAnObject => "The event is JSON, but not an object.",
        RefusalReason.TooDeep => $"Objects and arrays are nested deeper than {EnvelopeReader.MaxDepth} levels at byte {position}.",
        RefusalReason.NulCharacter => $"The event holds the character U+0000, which cannot be stored as text; seen at byte {position}.",
        RefusalReason.LoneSurrogate => $"An escape at byte {position} names one half of a surrogate pair without the other.",
        RefusalReason.NumberOutOfRange => $"The number at byte {position} is outside the range that can be stored.",
        RefusalReason.DuplicateField => $"The field that is named at byte {position} occurs twice.",
        RefusalReason.EventTypeMissing => "The event has no eventType.",
        RefusalReason.EventTypeInvalid => "eventType is not a string of 1 to 200 characters.",
        RefusalReason.EventIdInvalid => "eventId is not a UUID like 0198a1c2-7d3e-7abc-8def-0123456789ab, or is the nil UUID.",
        RefusalReason.UserIdInvalid => "userId is not a string or number of at most 256 characters.",
        RefusalReason.TimestampInvalid => "timestamp is neither an RFC 3339 date-time with an offset nor epoch milliseconds, or is outside the years 1 to 9999.",
        RefusalReason.SchemaVersionInvalid => "schemaVersion is not a whole number from 0 to 2147483647.",
        RefusalReason.CorrelationIdInvalid => "correlationId is not a string or number of at most 256 characters.",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a reason that a check gives."),
    };
}
