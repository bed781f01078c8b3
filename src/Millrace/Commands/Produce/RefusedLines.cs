using Millrace.Events;

namespace Millrace.Commands.Produce;

/// <summary>Tells of lines that are no events, with their numbers, on standard error.</summary>
internal sealed class RefusedLines(int maxTold)
{
    public long Count { get; private set; }

    public void Add(long number, RefusalReason reason)
    {
        if (++Count <= maxTold)
            Console.Error.WriteLine($"line {number}: {RefusalReasons.Code(reason)}");
    }

    public void Finish()
    {
        if (Count > maxTold)
            Console.Error.WriteLine($"… and {Count - maxTold:N0} more such lines");
    }
}
