namespace Millrace.Conformance.Tests.Clients;

/// <summary>A client that is driven scenario by scenario from here.</summary>
public abstract class DrivenClient : ForeignClient
{
    public override IReadOnlyCollection<string> Can => [.. Ways.Keys];

    /// <summary>How it does each scenario, given the broker's address and a name for topics and groups that nobody else has.</summary>
    protected abstract IReadOnlyDictionary<string, Func<string, string, Task<string>>> Ways { get; }

    public override async Task<IReadOnlyDictionary<string, string>> RunAsync(string bootstrapServers)
    {
        var outcomes = new Dictionary<string, string>();
        foreach (var (id, way) in Ways)
        {
            try
            {
                outcomes[id] = await way(bootstrapServers, $"{id}-{Guid.NewGuid():N}"[..(id.Length + 9)]);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                outcomes[id] = $"failed: {e.GetType().Name}: {e.Message}";
            }
        }

        return outcomes;
    }
}
