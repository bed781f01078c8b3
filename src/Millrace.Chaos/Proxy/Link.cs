using Millrace.Chaos.Plan;

namespace Millrace.Chaos.Proxy;

/// <summary>What a fault of the network is done to: the connections through some proxies, all of them or one client's.</summary>
/// <param name="Client">A Kafka client id; null for everybody.</param>
internal sealed record Link(IReadOnlyList<TcpProxy> Proxies, string? Client)
{
    private static readonly TimeSpan BetweenResets = TimeSpan.FromMilliseconds(500);

    /// <summary>Again and again, so that what reconnects at once is hit too.</summary>
    public async Task ResetAsync(TimeSpan length)
    {
        for (var left = length; left > TimeSpan.Zero; left -= BetweenResets)
        {
            Reset();
            await Task.Delay(BetweenResets);
        }

        Reset();
    }

    public async Task StallAsync(TimeSpan length)
    {
        foreach (var proxy in Proxies)
            proxy.Stall(Client);
        await Task.Delay(length);
        foreach (var proxy in Proxies)
            proxy.Resume(Client);
    }

    public async Task HalfOpenAsync(GoneEnd gone, TimeSpan length)
    {
        var heal = Proxies.Select(proxy => proxy.HalfOpen(gone, Client)).ToList();
        await Task.Delay(length);
        heal.ForEach(end => end());
    }

    private void Reset()
    {
        foreach (var proxy in Proxies)
            proxy.Reset(Client);
    }
}
