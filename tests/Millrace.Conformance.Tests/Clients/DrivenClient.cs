namespace Millrace.Conformance.Tests.Clients;

/// <summary>A client that is driven scenario by scenario from here.</summary>
public abstract class DrivenClient : ForeignClient
{
    public override IReadOnlyCollection<string> Can => [.. Ways.Keys, .. SecuredWays.Keys];

    /// <summary>How it does each scenario, given the broker's address and a name for topics and groups that nobody else has.</summary>
    protected abstract IReadOnlyDictionary<string, Func<string, string, Task<string>>> Ways { get; }

    /// <summary>The same for the scenarios in which it logs in or uses TLS.</summary>
    protected abstract IReadOnlyDictionary<string, Func<Listeners, string, Task<string>>> SecuredWays { get; }

    public override async Task<IReadOnlyDictionary<string, string>> RunAsync(Listeners listeners)
    {
        var outcomes = new Dictionary<string, string>();
        foreach (var (id, way) in Ways)
            outcomes[id] = await OutcomeAsync(id, name => way(listeners.Plain, name));
        foreach (var (id, way) in SecuredWays)
            outcomes[id] = await OutcomeAsync(id, name => way(listeners, name));
        return outcomes;
    }

    private static async Task<string> OutcomeAsync(string id, Func<string, Task<string>> way)
    {
        try
        {
            return await way($"{id}-{Guid.NewGuid():N}"[..(id.Length + 9)]);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"failed: {e.GetType().Name}: {e.Message}";
        }
    }
}
