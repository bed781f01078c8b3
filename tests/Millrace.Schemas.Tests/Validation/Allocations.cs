namespace Millrace.Schemas.Tests.Validation;

/// <summary>A budget, not a measurement.</summary>
internal static class Allocations
{
    private const int Rounds = 100;

    /// <param name="round">What may allocate only in its first rounds, which take the buffers of the thread and build the automata of patterns.</param>
    public static void AssertNone(Action round)
    {
        Repeat(round);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Repeat(round);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Repeat(Action round)
    {
        for (var i = 0; i < Rounds; i++)
        {
            round();
        }
    }
}
