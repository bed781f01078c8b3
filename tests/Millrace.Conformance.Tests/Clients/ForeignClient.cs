namespace Millrace.Conformance.Tests.Clients;

/// <summary>A client that somebody else wrote, and how it does the scenarios.</summary>
public abstract class ForeignClient
{
    public static IReadOnlyList<ForeignClient> All { get; } =
        [new ConfluentClient(), new KcatClient(), new PythonClient(), new NodeClient(), new JavaToolsClient()];

    /// <summary>Its column in docs/compatibility.md.</summary>
    public abstract string Name { get; }

    /// <summary>The scenarios that it can do at all.</summary>
    public abstract IReadOnlyCollection<string> Can { get; }

    /// <summary>What this machine lacks for it; null when it can run.</summary>
    public abstract Task<string?> MissingAsync();

    /// <summary>Does them all against one broker and gives the outcome of each. What went wrong is an outcome too.</summary>
    public abstract Task<IReadOnlyDictionary<string, string>> RunAsync(Listeners listeners);

    public override string ToString() => Name;
}
