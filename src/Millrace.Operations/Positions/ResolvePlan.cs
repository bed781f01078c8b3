namespace Millrace.Operations.Positions;

/// <summary>What a request comes to, decided from the position and the log alone.</summary>
/// <param name="Refusal">Why it is refused; null when it is not.</param>
/// <param name="From">Where the position is, for the ledger's chain; the log's start when nothing was committed yet.</param>
/// <param name="To">Where it goes.</param>
/// <param name="Sentence">All of it in words.</param>
internal sealed record ResolvePlan(ResolveOutcome? Refusal, long From, long To, string Sentence)
{
    public static ResolvePlan Make(ResolveRequest request, StoredPosition position, TopicLog log)
    {
        var partition = $"Partition {request.Partition}";
        var watermarks = log.Partitions[request.Partition];
        var (start, end) = (watermarks.Low.Value, watermarks.High.Value);
        var from = position.NextOffset ?? start;
        var isRecreated = position.TopicId is { } known && log.Id is { } current && known != current;
        if (request.Target == ResolveTarget.RecreatedTopic)
        {
            return isRecreated
                ? new ResolvePlan(null, from, start, $"{partition} goes on at offset {start}, the start of the topic that was made again; the ledger of the old one is kept under the topic's old id.")
                : Refuse(ResolveOutcome.TopicNotRecreated, $"{partition} is of the same topic as ever, so there is nothing to accept: give an offset, earliest or latest instead.");
        }

        if (isRecreated)
            return Refuse(ResolveOutcome.TopicRecreated, $"The topic of {partition.ToLowerInvariant()} was deleted and made again since offset {from} was committed, so its offsets mean other records now: accept the new topic instead.");
        var to = request.Target switch
        {
            ResolveTarget.Offset => request.Offset ?? throw new OperationsException("The offset to go on at is missing: give one.", false, null),
            ResolveTarget.Earliest => start,
            ResolveTarget.Latest => end,
            _ => throw new ArgumentOutOfRangeException(nameof(request), request.Target, "Not a place to go on at."),
        };
        if (to < start || to > end)
            return Refuse(ResolveOutcome.OutsideLog, $"{partition} cannot go on at offset {to}: the log has offsets {start} up to {end}, and the next record gets {end}.");
        if (to == position.NextOffset)
            return Refuse(ResolveOutcome.AlreadyThere, $"{partition} is at offset {to} already; nothing was changed.");
        if (to < from && !request.Force)
            return Refuse(ResolveOutcome.Backwards, $"{partition} is at offset {from}; going back to {to} reads {Records(from, to, end)} again. What is stored stays stored once. Force it if that is meant.");
        return new ResolvePlan(null, from, to, to < from
            ? $"{partition} goes back from offset {from} to {to}; {Records(from, to, end)} will be read again, and what is stored already counts as a duplicate. The ledger's rows from there on are kept under another topic name."
            : $"{partition} goes on at offset {to}; {to - from} offsets from {from} on are given up without being read.");

        ResolvePlan Refuse(ResolveOutcome outcome, string sentence) => new(outcome, from, from, sentence);
    }

    private static string Records(long from, long to, long end) => $"up to {Math.Max(0, Math.Min(from, end) - to)} records";
}
