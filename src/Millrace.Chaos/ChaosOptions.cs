using Millrace.Chaos.Plan;

namespace Millrace.Chaos;

/// <summary>Which Kafka is broken.</summary>
internal enum KafkaKind
{
    /// <summary>The embedded broker, alone in a process of its own.</summary>
    Embedded,

    /// <summary>Three brokers of Apache Kafka, replication factor 3, <c>min.insync.replicas</c> 2.</summary>
    Real,
}

/// <summary>What one run does.</summary>
internal sealed class ChaosOptions
{
    /// <summary>The executable that hosts everything that is killed: <c>millrace run</c> and the hosts of broker and PostgreSQL.</summary>
    public required string Program { get; init; }

    /// <summary>Everything the run keeps, logs of the processes included.</summary>
    public required string Directory { get; init; }

    /// <summary>How long the load runs and faults are injected. Healing, draining and comparing come on top.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The same seed gives the same plan.</summary>
    public int Seed { get; init; } = 1;

    public KafkaKind Kafka { get; init; } = KafkaKind.Embedded;

    /// <summary>Where <c>bin/kafka-up</c> and <c>bin/kafka-down</c> are; only for <see cref="KafkaKind.Real"/>.</summary>
    public string? KafkaHome { get; init; }

    public IReadOnlyList<FaultKind> Faults { get; init; } = Enum.GetValues<FaultKind>();

    /// <summary>Consumer processes that share the partitions, the one that comes and goes not counted.</summary>
    public int Consumers { get; init; } = 3;

    public int Partitions { get; init; } = 6;

    /// <summary>Events a second over all producers, copies and bad records not counted. Moderate: the order of things is tested, not speed.</summary>
    public int Rate { get; init; } = 1000;

    /// <summary>How long draining may take when all is healed.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Called with PostgreSQL's connection string when the tables are there and no event has been sent. Tests break a guarantee in it, to see that the verdict notices.</summary>
    public Func<string, Task>? Prepared { get; init; }
}
