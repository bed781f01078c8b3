namespace Millrace.Operations.DeadLetters;

/// <summary>Counts by reason, with the first example of each.</summary>
internal sealed class Tally
{
    private readonly Dictionary<string, StillBad> _byReason = new(StringComparer.Ordinal);

    public void Add(string reason, Guid id, string detail) =>
        _byReason[reason] = _byReason.TryGetValue(reason, out var so) ? so with { Count = so.Count + 1 } : new StillBad(reason, 1, id, detail);

    public IReadOnlyList<StillBad> ToList() =>
        [.. _byReason.Values.OrderByDescending(bad => bad.Count).ThenBy(bad => bad.Reason, StringComparer.Ordinal)];
}
