using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Millrace.Registry.Files;
using Millrace.Testing;

namespace Millrace.Registry.Tests.Files;

public sealed class FileImportTests(PostgresFixture postgres) : IDisposable
{
    private const string Number = """{"type":"object","properties":{"total":{"type":"number"}}}""";
    private const string Whole = """{"type":"object","properties":{"total":{"type":"integer"}}}""";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("millrace-schemas-");

    [Fact]
    public async Task Files_of_a_type_without_a_version_in_force_come_into_force_in_their_order()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        Write("order/1.json", Whole);
        Write("order/2.json", Number);
        Write("a%2Fb/10.json", "true");

        await ImportAsync(run);
        await ImportAsync(run);

        Assert.Equal("1 deprecated, 2 active", await run.StatesAsync("order"));
        Assert.Equal("10 active", await run.StatesAsync("a/b"));
    }

    [Fact]
    public async Task New_file_of_a_type_in_force_waits_as_a_draft()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        Write("order/1.json", Whole);
        await ImportAsync(run);
        Write("order/2.json", Number);

        await ImportAsync(run);

        Assert.Equal("1 active, 2 draft", await run.StatesAsync("order"));
    }

    [Fact]
    public async Task File_that_is_not_compatible_with_the_one_before_stays_a_draft()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        Write("order/1.json", Number);
        Write("order/2.json", Whole);

        await ImportAsync(run);

        Assert.Equal("1 active, 2 draft", await run.StatesAsync("order"));
    }

    [Fact]
    public async Task Every_wrong_file_is_told_at_once_and_the_others_are_registered()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        Write("order/1.json", Whole);
        await ImportAsync(run);
        Write("order/1.json", Number);
        Write("broken/1.json", """{"type":7}""");
        Write("good/1.json", "{}");

        var e = await Assert.ThrowsAsync<RegistryException>(() => ImportAsync(run));

        Assert.Contains("differs from what is registered as version 1 of order", e.Message, StringComparison.Ordinal);
        Assert.Contains("broken", e.Message, StringComparison.Ordinal);
        Assert.Equal("1 active", await run.StatesAsync("good"));
        Assert.Equal(Whole, (await run.Registry.Versions.OfTypeAsync("order", RegistryRun.Cancelled))[0].Source);
    }

    [Fact]
    public async Task File_that_forbids_the_envelope_is_registered_and_warned_of_once()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        Write("order/1.json", """{"properties":{"eventType":{}},"additionalProperties":false}""");
        Write("good/1.json", Number);
        using var log = new LogCollector();

        await ImportAsync(run, log);
        var warning = Assert.Single(log.Entries, entry => entry.Level == LogLevel.Warning).Message;
        await ImportAsync(run, log);

        Assert.Equal("1 active", await run.StatesAsync("order"));
        Assert.Single(log.Entries, entry => entry.Level == LogLevel.Warning);
        Assert.Contains(Path.Combine("order", "1.json"), warning, StringComparison.Ordinal);
        Assert.Contains("eventId", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("eventType", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("order/latest.json")]
    [InlineData("order/0.json")]
    [InlineData("order/01.json")]
    public async Task File_that_is_not_named_as_a_version_is_an_error(string name)
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        Write(name, "{}");

        var e = await Assert.ThrowsAsync<RegistryException>(() => ImportAsync(run));

        Assert.Contains(Path.GetFileName(name), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_that_was_taken_back_stays_so_though_its_file_is_there()
    {
        await using var run = await RegistryRun.CreateAsync(postgres);
        Write("order/1.json", Whole);
        await ImportAsync(run);
        await run.Registry.Versions.WithdrawAsync("order", 1, RegistryRun.Actor, RegistryRun.Cancelled);

        await ImportAsync(run);

        Assert.Equal("1 deleted", await run.StatesAsync("order"));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("bestellung-ü.v1")]
    public void Path_of_a_type_is_read_back(string eventType)
    {
        var path = SchemaDirectory.PathOf(_directory.FullName, eventType, 3)!;

        Assert.Equal(_directory.FullName, Path.GetDirectoryName(Path.GetDirectoryName(path)));
        Assert.Equal((eventType, 3), SchemaDirectory.Parse(path));
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private Task ImportAsync(RegistryRun run, ILoggerFactory? log = null) =>
        new FileImport(run.Registry, RegistryRun.Actor, log ?? NullLoggerFactory.Instance).RunAsync(_directory.FullName, RegistryRun.Cancelled);

    private void Write(string name, string schema)
    {
        var path = Path.Combine(_directory.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, schema);
    }
}
