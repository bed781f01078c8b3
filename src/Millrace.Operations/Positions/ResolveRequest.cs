namespace Millrace.Operations.Positions;

/// <summary>What to do with a partition that has stopped.</summary>
public sealed record ResolveRequest
{
    /// <summary>The partition. Required.</summary>
    public required int Partition { get; init; }

    /// <summary>Where it goes on. Required.</summary>
    public required ResolveTarget Target { get; init; }

    /// <summary>The offset, for <see cref="ResolveTarget.Offset"/>.</summary>
    public long? Offset { get; init; }

    /// <summary>Allow going backwards, which reads records again: events are stored once all the same. Default false.</summary>
    public bool Force { get; init; }

    /// <summary>Say what would happen and change nothing. Default false.</summary>
    public bool DryRun { get; init; }

    /// <summary>Who does it. Required.</summary>
    public required string Actor { get; init; }
}
