namespace Millrace.EndToEnd.Tests;

public sealed class EmbeddedMillrace : IAsyncLifetime
{
    internal RunningMillrace Running { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Running = await RunningMillrace.StartAsync();

    public ValueTask DisposeAsync() => Running.DisposeAsync();
}

public sealed class EmbeddedBrokerFirstRunTests(EmbeddedMillrace millrace) : FirstRunTests, IClassFixture<EmbeddedMillrace>
{
    private protected override RunningMillrace Millrace => millrace.Running;
}
