using System.Text.Json.Nodes;
using Millrace.Commands.Schema;
using Millrace.Testing;

namespace Millrace.Tests.Commands.Schema;

/// <summary>The check that Millrace.Client brings into a user's build, run by MSBuild on the sample's assembly.</summary>
public sealed class SchemaBuildTests : IDisposable
{
    private readonly TemporaryDirectory _project = new();

    public SchemaBuildTests() => File.WriteAllText(
        _project.Below("shop.proj"),
        $"""
        <Project DefaultTargets="Build">
          <PropertyGroup>
            <TargetPath>{Path.Combine(AppContext.BaseDirectory, "Millrace.Samples.Shop.dll")}</TargetPath>
            <IntermediateOutputPath>obj/</IntermediateOutputPath>
            <MillraceSchemaDirectory>schemas</MillraceSchemaDirectory>
            <MillraceTool>{MillraceProcess.Program}</MillraceTool>
          </PropertyGroup>
          <Target Name="Build" />
          <Import Project="{Path.Combine(AppContext.BaseDirectory, "Millrace.Client.targets")}" />
        </Project>
        """);

    [Fact]
    public async Task Build_with_the_committed_schemas_passes()
    {
        ExportCommitted();

        (await BuildAsync()).ShouldSucceed();
    }

    [Fact]
    public async Task Build_fails_with_the_differences_when_a_schema_breaks_the_level()
    {
        ExportCommitted();
        Change("order_placed/1.json", schema => schema["properties"]!["total"]!["type"] = new JsonArray("number", "boolean"));
        Change("order_shipped/2.json", schema => schema["properties"]!["carrier"]!["maxLength"] = 10);

        CommandResult build = await BuildAsync();

        Assert.NotEqual(0, build.ExitCode);
        Assert.Contains("schemas/order_placed/1.json : error MILLRACE001: /properties/total/type", build.Output, StringComparison.Ordinal);
        // Longer texts are accepted now, which BACKWARD allows.
        Assert.DoesNotContain("schemas/order_shipped/2.json : error", build.Output, StringComparison.Ordinal);
        Assert.Contains("schemas/order_shipped/2.json : error MILLRACE001", (await BuildAsync("-p:MillraceSchemaLevel=FULL")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_version_is_compared_with_the_one_before_and_said_to_be_new()
    {
        ExportCommitted();
        File.Move(_project.Below("schemas/order_shipped/2.json"), _project.Below("schemas/order_shipped/1.json"));
        Change("order_shipped/1.json", schema => schema["properties"]!["carrier"]!["type"] = "integer");

        CommandResult build = await BuildAsync();

        Assert.Contains("schemas/order_shipped/1.json : error MILLRACE001: /properties/carrier", build.Output, StringComparison.Ordinal);
        Assert.Contains("to schemas/order_shipped/2.json", build.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _project.Dispose();

    private void ExportCommitted()
    {
        foreach (AssemblySchema schema in ExportAssembly.Schemas(Path.Combine(AppContext.BaseDirectory, "Millrace.Samples.Shop.dll")))
            ExportAssemblyFiles.Write(schema, _project.Below("schemas"));
    }

    private void Change(string file, Action<JsonNode> change)
    {
        string path = _project.Below($"schemas/{file}");
        JsonNode schema = JsonNode.Parse(File.ReadAllText(path))!;
        change(schema);
        File.WriteAllText(path, schema.ToJsonString());
    }

    private Task<CommandResult> BuildAsync(params string[] options) =>
        CommandLine.RunAsync("dotnet", ["msbuild", "shop.proj", "-nologo", "-v:m", "-nodeReuse:false", .. options], directory: _project.Path);
}
