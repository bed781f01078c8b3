using System.Diagnostics;
using System.Text.Json;
using Millrace.Testing;

namespace Millrace.Conformance.Tests.Clients;

/// <summary>A kafka-verifiable-consumer in the group that is named as its topic, until it is disposed. It prints each rebalance as a line of JSON.</summary>
internal sealed class JavaMember : IGroupMember
{
    private readonly Process _process;
    private readonly Task _reading;
    private int _owned;
    private int _lost;

    public JavaMember(string bootstrap, string topic, params string[] options)
    {
        _process = Process.Start(new ProcessStartInfo(
            KafkaTools.Launcher, ["kafka-verifiable-consumer", "--bootstrap-server", bootstrap, "--topic", topic, "--group-id", topic, .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _reading = ReadAsync();
    }

    public int Owned => Volatile.Read(ref _owned);

    public int Lost => Volatile.Read(ref _lost);

    /// <summary>SIGTERM, on which the tool closes its consumer.</summary>
    public async ValueTask DisposeAsync()
    {
        await CommandLine.RunAsync("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync().WaitAsync(Eventually.Limit);
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var said = JsonDocument.Parse(line).RootElement;
            switch (said.GetProperty("name").GetString())
            {
                case "partitions_assigned":
                    Interlocked.Add(ref _owned, said.GetProperty("partitions").GetArrayLength());
                    break;
                case "partitions_revoked":
                    var count = said.GetProperty("partitions").GetArrayLength();
                    Interlocked.Add(ref _lost, count);
                    Interlocked.Add(ref _owned, -count);
                    break;
            }
        }
    }
}
