using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Broker.Log;

namespace Millrace.Broker.Tests.Log;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("millrace-data-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Format_version_is_frozen()
    {
        using (DataDirectory.Open(_directory))
            Assert.Equal("millrace broker data, format 1\n", File.ReadAllText(Path.Combine(_directory, "format")));
    }

    [Fact]
    public async Task Directory_of_newer_version_is_refused_and_not_touched()
    {
        File.WriteAllText(Path.Combine(_directory, "format"), "millrace broker data, format 2\n");
        var refusal = await StartAndFailAsync();
        Assert.Contains("newer version", refusal);
        Assert.Contains(_directory, refusal);
        Assert.False(Directory.Exists(Path.Combine(_directory, "metadata")));
    }

    [Fact]
    public async Task Directory_of_something_else_is_refused()
    {
        File.WriteAllText(Path.Combine(_directory, "format"), "hello");
        Assert.Contains("not one that a Millrace broker wrote", await StartAndFailAsync());
    }

    [Fact]
    public async Task Data_without_format_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "metadata"));
        Assert.Contains("format", await StartAndFailAsync());
    }

    [Fact]
    public async Task Second_opener_is_refused_and_told_the_process()
    {
        using (DataDirectory.Open(_directory))
            Assert.Contains($"in use by process {Environment.ProcessId}", await StartAndFailAsync());
        DataDirectory.Open(_directory).Dispose();
    }

    [Fact]
    public async Task Directory_that_cannot_be_made_is_told()
    {
        var file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "");
        Assert.Contains("cannot be used", await StartAndFailAsync(Path.Combine(file, "below")));
    }

    private async Task<string> StartAndFailAsync(string? directory = null)
    {
        var options = new BrokerOptions { DataDirectory = directory ?? _directory, Port = 0 };
        var refusal = await Assert.ThrowsAsync<BrokerStartException>(
            () => EmbeddedBroker.StartAsync(options, NullLoggerFactory.Instance, TestContext.Current.CancellationToken));
        return refusal.Message;
    }
}
