using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Events;
using Millrace.Schemas.Catalog;

namespace Millrace.Operations.DeadLetters;

/// <summary>What a dead letter would be if it were sent again: the patched bytes, which have an id, or why they are no event.</summary>
/// <param name="Value">The bytes; null when they are refused.</param>
/// <param name="Reason">The code of the reason; empty when they pass.</param>
/// <param name="Detail">The reason in a sentence.</param>
internal readonly record struct ReplayCandidate(byte[]? Value, string Reason, string Detail)
{
    // The characters that HTML makes dangerous are none of ours; the text stays as short and readable as it was.
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReplayCandidate Prepare(DeadLetterRecord letter, JsonPatch? patch, SchemaCatalog schemas)
    {
        if (letter.Value is not { } value)
        {
            return patch is null ? new(null, RefusalReason.NullValue.Code(), "The record has no value.")
                : new(null, "patch_failed", "The record has no value that could be patched.");
        }

        if (patch is null)
            return Check(letter, value, schemas);
        var patched = Apply(value, patch, out var error);
        if (patched is not null)
            return Check(letter, patched, schemas);

        // Bytes that are no JSON cannot be patched: the check says better than the patch what is wrong with them.
        var unpatched = Check(letter, value, schemas);
        return unpatched.Value is null && error is null ? unpatched : new(null, "patch_failed", error ?? "The value passes, but cannot be patched: an object in it has a name twice.");
    }

    private static ReplayCandidate Check(DeadLetterRecord letter, byte[] value, SchemaCatalog schemas)
    {
        var reason = EnvelopeReader.Read(value, out var envelope, out var position);
        if (reason != RefusalReason.None)
            return new(null, reason.Code(), $"The check refuses the value of {value.Length} bytes at byte {position}.");
        if (envelope.EventId is not null)
            return Judge(schemas, envelope, value);

        // At its new offset the event would get another id than it would have had at the old one, and replaying twice would store it twice.
        var withId = EventIdInsertion.Apply(value, envelope.NullEventIdAt, letter.Id);
        return withId.Length <= EnvelopeReader.MaxBytes ? Judge(schemas, envelope, withId)
            : new(null, RefusalReason.TooLarge.Code(), $"With its id the event has {withId.Length} bytes; at most {EnvelopeReader.MaxBytes} are allowed.");
    }

    private static ReplayCandidate Judge(SchemaCatalog schemas, in Envelope envelope, byte[] value)
    {
        var verdict = schemas.Judge(envelope, value);
        return verdict.IsRefused ? new(null, verdict.Reason.Code(), verdict.Detail) : new(value, "", "");
    }

    /// <summary>The patched bytes; null with the error of the patch, or null without one when there is nothing to patch.</summary>
    private static byte[]? Apply(byte[] value, JsonPatch patch, out string? error)
    {
        error = null;
        JsonNode? document;
        try
        {
            document = JsonNode.Parse(value, documentOptions: new JsonDocumentOptions { MaxDepth = EnvelopeReader.MaxDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return null;
        }

        try
        {
            return patch.TryApply(ref document, out error) ? JsonSerializer.SerializeToUtf8Bytes(document, AsWritten) : null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // Text that is no text, such as one half of a surrogate pair, shows only when it is touched.
            error = $"The value cannot be written as JSON: {e.Message}";
            return null;
        }
    }
}
