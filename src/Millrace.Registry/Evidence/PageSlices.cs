namespace Millrace.Registry.Evidence;

/// <summary>The pages of a table from the first to the last, dealt out in slices to whoever asks next.</summary>
internal sealed class PageSlices(uint first, uint last, uint pages)
{
    private long _next = first;

    /// <summary>Gives the next slice, from its first page up to and without its end; false when all are given.</summary>
    public bool TryTake(out uint from, out uint end)
    {
        var taken = Interlocked.Add(ref _next, pages) - pages;
        from = (uint)Math.Min(taken, uint.MaxValue);
        end = (uint)Math.Min(taken + pages, uint.MaxValue);
        return taken <= last;
    }
}
