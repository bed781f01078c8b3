using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace Millrace.Operations.DeadLetters;

/// <summary>A dead letter as a record of the dead-letter topic.</summary>
internal static class RelayedLetter
{
    // Headers count toward the record's size; the whole detail is in the table.
    private const int MaxDetailCharacters = 1_000;

    /// <summary>The record with its key, value and headers, and ours.</summary>
    public static Message<byte[]?, byte[]?> Whole(DeadLetterRecord letter)
    {
        var headers = new Headers();
        foreach (var header in letter.Headers)
            headers.Add(header.Key, header.Value);
        AddOurs(headers, letter);
        return new Message<byte[]?, byte[]?> { Key = letter.Key, Value = letter.Value, Headers = headers };
    }

    /// <summary>Only our headers, for a letter that is too large for the topic: a reader learns of it, and finds the rest in the table by its id.</summary>
    public static Message<byte[]?, byte[]?> Notice(DeadLetterRecord letter)
    {
        var headers = new Headers();
        AddOurs(headers, letter);
        Add(headers, HeaderNames.OmittedBytes, (letter.Value?.Length ?? 0) + (letter.Key?.Length ?? 0) + letter.Headers.Sum(header => header.Value?.Length ?? 0));
        return new Message<byte[]?, byte[]?> { Headers = headers };
    }

    private static void AddOurs(Headers headers, DeadLetterRecord letter)
    {
        // A replay's own attempts header came with the record and stays; the last one of a name is the one that counts.
        Add(headers, HeaderNames.Reason, letter.Reason);
        Add(headers, HeaderNames.Detail, letter.Detail.Length <= MaxDetailCharacters ? letter.Detail : $"{letter.Detail[..MaxDetailCharacters]}…");
        Add(headers, HeaderNames.Topic, letter.Topic);
        Add(headers, HeaderNames.Partition, letter.Partition);
        Add(headers, HeaderNames.Offset, letter.Offset);
        Add(headers, HeaderNames.Attempts, letter.Attempts);
        Add(headers, HeaderNames.DeadLetterId, letter.Id.ToString());
        Add(headers, HeaderNames.FirstSeen, letter.FirstSeen.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
    }

    private static void Add(Headers headers, string name, long value) => Add(headers, name, value.ToString(CultureInfo.InvariantCulture));

    private static void Add(Headers headers, string name, string value) => headers.Add(name, Encoding.UTF8.GetBytes(value));
}
