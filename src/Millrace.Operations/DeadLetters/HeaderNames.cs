using Millrace.Pipeline.DeadLetters;

namespace Millrace.Operations.DeadLetters;

/// <summary>The headers that Millrace adds to records; the names are frozen.</summary>
internal static class HeaderNames
{
    public const string Reason = "millrace-reason";
    public const string Detail = "millrace-detail";
    public const string Topic = "millrace-topic";
    public const string Partition = "millrace-partition";
    public const string Offset = "millrace-offset";
    public const string Attempts = RecordHeaderNames.Attempts;
    public const string DeadLetterId = "millrace-dead-letter-id";
    public const string FirstSeen = "millrace-first-seen";
    public const string OmittedBytes = "millrace-omitted-bytes";
}
