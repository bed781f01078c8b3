namespace Millrace.Broker.Benchmarks;

/// <summary>A broker, and how the topics on it are set.</summary>
internal sealed record Contestant(string Name, BrokerServer Server, IReadOnlyDictionary<string, string> TopicConfigs)
{
    public string BootstrapServers => Server.BootstrapServers;

    /// <summary>Runs something on a topic of its own.</summary>
    public async Task<T> WithTopicAsync<T>(Func<string, Task<T>> run)
    {
        var topic = $"t-{Guid.NewGuid():N}";
        await Clients.CreateTopicAsync(BootstrapServers, topic, TopicConfigs).ConfigureAwait(false);
        var result = await run(topic).ConfigureAwait(false);
        await Clients.DeleteTopicAsync(BootstrapServers, topic).ConfigureAwait(false);
        return result;
    }
}
