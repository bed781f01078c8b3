using System.Collections.Concurrent;
using System.Diagnostics;
using Millrace.Chaos.Proxy;
using Millrace.Chaos.Servers;

namespace Millrace.Chaos.Plan;

/// <summary>Carries out a plan. Faults of one target wait for each other, others overlap; each prints its line when it is healed.</summary>
internal sealed class FaultInjector(SystemUnderTest system, Action<string> print)
{
    private readonly ConcurrentDictionary<(FaultTarget, int), SemaphoreSlim> _targets = new();

    /// <summary>Returns when the last one is healed.</summary>
    /// <exception cref="ChaosFailedException">Something that was killed did not come back.</exception>
    public async Task RunAsync(IReadOnlyList<Fault> plan, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var running = new List<Task>();
        try
        {
            foreach (var fault in plan)
            {
                var wait = fault.At - clock.Elapsed;
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait, cancellationToken);
                running.Add(InjectAsync(fault, clock));
                if (running.Find(task => task.IsFaulted) is { } failed)
                    await failed;
            }
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    private async Task InjectAsync(Fault fault, Stopwatch clock)
    {
        var target = _targets.GetOrAdd((fault.Target, fault.Index), _ => new SemaphoreSlim(1, 1));
        await target.WaitAsync();
        try
        {
            var began = clock.Elapsed;
            await BreakAsync(fault);
            print($"{fault with { At = began }}  healed after {(clock.Elapsed - began).TotalSeconds:0.0} s");
        }
        finally
        {
            target.Release();
        }
    }

    private Task BreakAsync(Fault fault) => (fault.Kind, fault.Target) switch
    {
        (FaultKind.KillConsumer, _) => system.Consumers[fault.Index].KillAsync(fault.Length),
        (FaultKind.KillBroker, _) => system.Kafka.KillAsync(fault.Index, fault.Length),
        (FaultKind.KillPostgres, _) => system.Postgres.KillAsync(),
        (FaultKind.ReadOnly, _) => system.Postgres.RefuseWritesAsync(fault.Length),
        (FaultKind.NoConnections, _) => system.Postgres.RefuseConnectionsAsync(fault.Length),
        (FaultKind.PauseConsumer, _) => system.Consumers[fault.Index].PauseAsync(fault.Length),
        (FaultKind.PauseBroker, _) => system.Kafka.PauseAsync(fault.Index, fault.Length),
        (FaultKind.Reset, _) => LinkOf(fault).ResetAsync(fault.Length),
        (FaultKind.Stall, _) => LinkOf(fault).StallAsync(fault.Length),
        (FaultKind.HalfOpen, _) => LinkOf(fault).HalfOpenAsync(fault.Gone, fault.Length),
        (FaultKind.Rebalance, FaultTarget.SpareConsumer) => system.Spare.JoinAsync(fault.Length),
        (FaultKind.Rebalance, _) => system.Consumers[fault.Index].LeaveAsync(fault.Length),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault.Kind, "No kind of fault."),
    };

    private Link LinkOf(Fault fault) => fault.Target switch
    {
        FaultTarget.KafkaLink => new Link([system.Kafka.Links[fault.Index]], Client: null),
        FaultTarget.ConsumerKafkaLink => new Link(system.Kafka.Links, system.Consumers[fault.Index].KafkaClient),
        FaultTarget.PostgresLink => new Link([system.Consumers[fault.Index].PostgresLink], Client: null),
        FaultTarget.HttpLink => new Link([system.Consumers[fault.Index].HttpLink], Client: null),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault.Target, "No link."),
    };
}
