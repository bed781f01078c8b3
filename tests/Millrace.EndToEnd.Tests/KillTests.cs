using System.Diagnostics;
using Millrace.Testing;

namespace Millrace.EndToEnd.Tests;

/// <summary>What a crash may not cost: an acknowledged event, or its being there once.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task Process_killed_under_load_five_times_stores_every_acknowledged_event_once()
    {
        await using var millrace = await RunningMillrace.StartAsync();
        await using var load = LoadGenerator.Start(millrace.Kafka, perSecond: 4000);
        for (var kill = 1; kill <= 5; kill++)
        {
            var before = load.AcknowledgedCount;
            await Eventually.TrueAsync(() => load.AcknowledgedCount > before + 4000, $"events flow before kill {kill}");
            await millrace.KillAsync();
            await millrace.StartAgainAsync();
        }

        await load.StopAsync();
        await ExactlyOnce.VerifyAsync(millrace, load.Acknowledged);
    }

    [Fact]
    public async Task PostgreSQL_killed_and_restarted_under_load_stores_every_acknowledged_event_once()
    {
        await using var millrace = await RunningMillrace.StartAsync();
        await using var load = LoadGenerator.Start(millrace.Kafka, perSecond: 4000);
        foreach (var signal in (string[])["-INT", "-KILL"])
        {
            var before = await millrace.CountAsync("SELECT count(*) FROM pipeline.events");
            await Eventually.TrueAsync(
                async () => await millrace.CountAsync("SELECT count(*) FROM pipeline.events") > before + 4000,
                $"events flow before PostgreSQL gets {signal}");
            var pid = File.ReadLines(Path.Combine(millrace.Data, "postgres", "data", "postmaster.pid")).First();
            using var kill = Process.Start("kill", [signal, pid]);
            await kill.WaitForExitAsync();
        }

        var after = load.AcknowledgedCount;
        await Eventually.TrueAsync(() => load.AcknowledgedCount > after + 4000, "the broker takes events while PostgreSQL is away");
        await load.StopAsync();
        await ExactlyOnce.VerifyAsync(millrace, load.Acknowledged);
    }
}
