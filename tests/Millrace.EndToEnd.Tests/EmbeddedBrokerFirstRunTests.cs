namespace Millrace.EndToEnd.Tests;

public sealed class EmbeddedMillrace : IAsyncLifetime
{
    private RunningMillrace? _running;

    internal RunningMillrace Running => _running ?? throw new InvalidOperationException("It did not start.");

    public async ValueTask InitializeAsync() => _running = await RunningMillrace.StartAsync();

    public ValueTask DisposeAsync() => _running?.DisposeAsync() ?? ValueTask.CompletedTask;
}

public sealed class EmbeddedBrokerFirstRunTests(EmbeddedMillrace millrace) : FirstRunTests, IClassFixture<EmbeddedMillrace>
{
    private protected override RunningMillrace Millrace => millrace.Running;
}
