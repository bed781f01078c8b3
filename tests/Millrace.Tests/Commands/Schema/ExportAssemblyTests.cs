using System.CommandLine;
using System.Text.Json.Nodes;
using Millrace.Commands;
using Millrace.Commands.Schema;

namespace Millrace.Tests.Commands.Schema;

/// <summary><c>millrace schema export --assembly</c> on the sample's assembly, which lies beside this one.</summary>
public sealed class ExportAssemblyTests : IDisposable
{
    private static readonly string Shop = Path.Combine(AppContext.BaseDirectory, "Millrace.Samples.Shop.dll");

    private readonly TemporaryDirectory _out = new();

    [Fact]
    public void Each_event_type_of_the_assembly_becomes_a_file_of_its_version()
    {
        JsonNode report = Export(Shop, "--format", "json");

        Assert.Equal(
            [("order_placed", 1, "order_placed/1.json", true), ("order_shipped", 2, "order_shipped/2.json", true)],
            report["schemas"]!.AsArray().Select(schema => (
                (string)schema!["eventType"]!, (int)schema["version"]!, Path.GetRelativePath(_out.Path, (string)schema["path"]!), (bool)schema["written"]!)));
        JsonNode placed = JsonNode.Parse(File.ReadAllText(Path.Combine(_out.Path, "order_placed", "1.json")))!;
        Assert.Equal("order_placed", (string?)placed["properties"]!["eventType"]!["const"]);
        Assert.Equal("What the order costs, in euros.", (string?)placed["properties"]!["total"]!["description"]);
        JsonNode shipped = JsonNode.Parse(File.ReadAllText(Path.Combine(_out.Path, "order_shipped", "2.json")))!;
        Assert.Equal("Who brings it.", (string?)shipped["properties"]!["carrier"]!["description"]);
    }

    [Fact]
    public void File_that_holds_the_schema_already_is_left_alone()
    {
        Export(Shop);
        string path = Path.Combine(_out.Path, "order_placed", "1.json");
        File.WriteAllText(Path.Combine(_out.Path, "order_shipped", "2.json"), "{}");
        DateTime before = File.GetLastWriteTimeUtc(path);

        JsonNode report = Export(Shop, "--format", "json");

        Assert.Equal([false, true], report["schemas"]!.AsArray().Select(schema => (bool)schema!["written"]!));
        Assert.Equal(before, File.GetLastWriteTimeUtc(path));
    }

    [Fact]
    public void Assembly_that_is_not_there_is_named() => Assert.Contains("'none.dll'", Refused("none.dll"), StringComparison.Ordinal);

    [Fact]
    public void File_that_is_no_assembly_is_named()
    {
        string file = Path.Combine(_out.Path, "text.dll");
        File.WriteAllText(file, "not an assembly");

        Assert.Contains("is no .NET assembly", Refused(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Assembly_without_event_types_is_named() =>
        Assert.Contains("no event types", Refused(typeof(ExportAssemblyTests).Assembly.Location), StringComparison.Ordinal);

    public void Dispose() => _out.Dispose();

    private static string Refused(string assembly)
    {
        var refused = Assert.Throws<CommandFailedException>(() => ExportAssembly.Schemas(assembly));
        Assert.Equal(ExitCodes.Usage, refused.ExitCode);
        return refused.Message;
    }

    private JsonNode Export(string assembly, params string[] options)
    {
        var output = new StringWriter();
        int code = MillraceCommand.Create().Parse(["schema", "export", "--assembly", assembly, "--out", _out.Path, .. options])
            .Invoke(new InvocationConfiguration { Output = output, EnableDefaultExceptionHandler = false });
        Assert.Equal(ExitCodes.Success, code);
        return options.Length > 0 ? JsonNode.Parse(output.ToString())! : new JsonObject();
    }
}
