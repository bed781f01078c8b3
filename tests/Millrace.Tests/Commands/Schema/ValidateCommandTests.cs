using System.Text.Json.Nodes;
using Millrace.Testing;

namespace Millrace.Tests.Commands.Schema;

/// <summary><c>schema validate</c> and <c>schema diff</c> in processes of their own, as a build runs them: nothing else is there.</summary>
public sealed class ValidateCommandTests : IDisposable
{
    private const string Schema = """{"type":"object","required":["total"],"properties":{"total":{"type":"integer"},"mail":{"type":"string","format":"email"}}}""";

    private readonly TemporaryDirectory _directory = new();

    public ValidateCommandTests() => Write("s.json", Schema);

    [Fact]
    public async Task Each_line_gets_its_result_and_one_that_does_not_fit_is_exit_code_1()
    {
        Write("e.ndjson", "{\"total\":1}\n\n{\"total\":\"x\"}\nnot json\n{\"total\":2}");

        CommandResult run = await RunAsync(1, "", "schema", "validate", "s.json", "e.ndjson", "--format", "json");

        JsonNode[] lines = [.. run.Output.TrimEnd().Split('\n').Select(line => JsonNode.Parse(line)!)];
        Assert.Equal([(1, true), (3, false), (4, false), (5, true)], lines.Select(line => ((int)line["line"]!, (bool)line["valid"]!)));
        Assert.Equal("/total", (string?)lines[1]["errors"]![0]!["instanceLocation"]);
        Assert.Equal("/properties/total/type", (string?)lines[1]["errors"]![0]!["keywordLocation"]);
        Assert.Empty(lines[0]["errors"]!.AsArray());
    }

    [Fact]
    public async Task One_instance_from_standard_input_fits_or_not()
    {
        await RunAsync(0, """{"total":1,"mail":"nobody"}""", "schema", "validate", "s.json");
        await RunAsync(1, """{"total":1,"mail":"nobody"}""", "schema", "validate", "s.json", "-", "--assert-formats");
        CommandResult basic = await RunAsync(1, "{}", "schema", "validate", "s.json", "-", "--format", "basic");
        Assert.False((bool)JsonNode.Parse(basic.Output)!["valid"]!);
        Assert.Equal("/required", (string?)JsonNode.Parse(basic.Output)!["errors"]![0]!["keywordLocation"]);
    }

    [Fact]
    public async Task Line_that_is_too_long_is_told_and_the_next_is_read()
    {
        string longLine = $$"""{"total":1,"x":"{{new string('y', 17 * 1024 * 1024)}}"}""";

        CommandResult run = await RunAsync(1, longLine + "\n{\"total\":1}\n", "schema", "validate", "s.json", "--ndjson", "--format", "json");

        Assert.Equal([false, true], run.Output.TrimEnd().Split('\n').Select(line => (bool)JsonNode.Parse(line)!["valid"]!));
    }

    [Fact]
    public async Task Reference_to_a_file_beside_the_schema_is_followed()
    {
        Write("outer.json", """{"properties":{"order":{"$ref":"s.json"}}}""");

        await RunAsync(0, """{"order":{"total":1}}""", "schema", "validate", "outer.json");
        await RunAsync(1, """{"order":{}}""", "schema", "validate", "outer.json");
    }

    [Fact]
    public async Task Wrong_schema_or_arguments_are_exit_code_2()
    {
        Write("bad.json", """{"type":7}""");

        CommandResult bad = await RunAsync(2, "{}", "schema", "validate", "bad.json");
        Assert.Contains("/type", bad.Error, StringComparison.Ordinal);
        await RunAsync(2, "{}", "schema", "validate", "absent.json");
        await RunAsync(2, "", "schema", "validate", "s.json", "absent.json");
        await RunAsync(2, "", "schema", "validate", "s.json", "--format", "xml");
        await RunAsync(2, "", "schema", "diff", "s.json", "bad.json");
        await RunAsync(2, "", "schema", "diff", "s.json", "s.json", "--level", "SOME");
    }

    [Fact]
    public async Task Diff_tells_what_breaks_in_which_direction()
    {
        Write("wider.json", Schema.Replace("integer", "number", StringComparison.Ordinal));

        Assert.True((bool)JsonNode.Parse((await RunAsync(0, "", "schema", "diff", "s.json", "wider.json", "--format", "json")).Output)!["compatible"]!);
        JsonNode narrower = JsonNode.Parse((await RunAsync(1, "", "schema", "diff", "wider.json", "s.json", "--level", "BACKWARD", "--format", "json")).Output)!;
        Assert.False((bool)narrower["compatible"]!);
        JsonNode difference = Assert.Single(narrower["differences"]!.AsArray())!;
        Assert.Equal("backward", (string?)Assert.Single(difference["breaks"]!.AsArray()));
        Assert.StartsWith("/properties/total", (string?)difference["pointer"], StringComparison.Ordinal);
        await RunAsync(1, "", "schema", "diff", "s.json", "wider.json", "--level", "FULL");
    }

    public void Dispose() => _directory.Dispose();

    private async Task<CommandResult> RunAsync(int exitCode, string input, params string[] arguments)
    {
        CommandResult result = await CommandLine.RunAsync(MillraceProcess.Program, arguments, input, directory: _directory.Path);
        Assert.True(result.ExitCode == exitCode, $"exit code {result.ExitCode}, not {exitCode}\n{result.Output}\n{result.Error}");
        return result;
    }

    private void Write(string name, string text) => File.WriteAllText(_directory.Below(name), text);
}
