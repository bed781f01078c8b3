namespace Millrace.Chaos.Plan;

/// <summary>What can be broken. The names on the command line are <see cref="FaultKinds.Name"/>.</summary>
internal enum FaultKind
{
    /// <summary>kill -9 of a consumer, started again a moment later.</summary>
    KillConsumer,

    /// <summary>kill -9 of a broker.</summary>
    KillBroker,

    /// <summary>kill -9 of PostgreSQL, which recovers from its log.</summary>
    KillPostgres,

    /// <summary>SIGSTOP of a consumer for longer than its session, then SIGCONT: it wakes up without its partitions.</summary>
    PauseConsumer,

    /// <summary>SIGSTOP and SIGCONT of a broker: connections stay, nobody answers.</summary>
    PauseBroker,

    /// <summary>Every connection of a link ends with RST, several times over.</summary>
    Reset,

    /// <summary>Nothing gets through a link for a while, then all of it does.</summary>
    Stall,

    /// <summary>One end of a link's connections is gone and the other is not told.</summary>
    HalfOpen,

    /// <summary>A consumer joins, or one leaves in good order and comes back.</summary>
    Rebalance,

    /// <summary>PostgreSQL answers and takes no writes.</summary>
    ReadOnly,

    /// <summary>PostgreSQL ends the pipeline's connections and allows it no new ones.</summary>
    NoConnections,
}

internal static class FaultKinds
{
    public static string Name(FaultKind kind) => kind switch
    {
        FaultKind.KillConsumer => "kill-consumer",
        FaultKind.KillBroker => "kill-broker",
        FaultKind.KillPostgres => "kill-postgres",
        FaultKind.PauseConsumer => "pause-consumer",
        FaultKind.PauseBroker => "pause-broker",
        FaultKind.Reset => "reset",
        FaultKind.Stall => "stall",
        FaultKind.HalfOpen => "half-open",
        FaultKind.Rebalance => "rebalance",
        FaultKind.ReadOnly => "read-only",
        FaultKind.NoConnections => "no-connections",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No kind of fault."),
    };

    public static FaultKind? Find(string name) =>
        Enum.GetValues<FaultKind>().Cast<FaultKind?>().FirstOrDefault(kind => Name(kind!.Value) == name);
}
