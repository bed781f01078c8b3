namespace Millrace.Broker.Groups.Consumer;

/// <summary>The ways in which this broker distributes partitions, by the names that Kafka gives them.</summary>
internal static class Assignors
{
    public const string Uniform = "uniform";
    public const string Range = "range";

    public static IReadOnlyList<string> Names { get; } = [Uniform, Range];

    /// <summary>Every partition of the problem that somebody reads, for exactly one of those who read it. In the order of the members.</summary>
    public static IReadOnlyList<HashSet<TopicIdPartition>> Assign(string assignor, AssignmentProblem problem) => assignor switch
    {
        Uniform => UniformAssignor.Assign(problem),
        Range => RangeAssignor.Assign(problem),
        _ => throw new ArgumentOutOfRangeException(nameof(assignor), assignor, "is not the name of an assignor"),
    };
}
