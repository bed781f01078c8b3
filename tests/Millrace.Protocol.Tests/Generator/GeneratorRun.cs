using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Millrace.Protocol.Generator;

namespace Millrace.Protocol.Tests.Generator;

/// <summary>Runs the generator over a source of its own, with the real attributes beside it.</summary>
internal static class GeneratorRun
{
    private const string Attributes = """
        global using System;
        global using System.Collections.Generic;
        namespace Millrace.Protocol
        {
            internal enum ApiKey : short { None = -1, Fetch = 1 }
            internal sealed class KafkaMessageAttribute(ApiKey apiKey, string versions, string flexible) : Attribute;
            internal sealed class VersionsAttribute(string range) : Attribute;
            internal sealed class NullableInAttribute(string range) : Attribute;
            internal sealed class TagAttribute(int number, string range) : Attribute;
            internal sealed class NeverFlexibleAttribute : Attribute;
        }
        """;

    private static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14);

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>The diagnostics for the members of a message that is in versions 0-4 and flexible from 3 on.</summary>
    public static IReadOnlyList<Diagnostic> Diagnose(string members) => DiagnoseSource(SourceOf(members));

    /// <summary>The codec for the members of such a message.</summary>
    public static string Generate(string members)
    {
        GeneratorDriver driver = CreateDriver().RunGenerators(Compile(SourceOf(members)), CancellationToken.None);
        return Assert.Single(driver.GetRunResult().GeneratedTrees).ToString();
    }

    private static string SourceOf(string members) => $$"""
        namespace Millrace.Protocol.Messages;
        [KafkaMessage(ApiKey.Fetch, "0-4", flexible: "3+")]
        internal sealed partial class Sample
        {
            {{members}}
        }
        """;

    public static IReadOnlyList<Diagnostic> DiagnoseSource(string source)
    {
        GeneratorDriver driver = CreateDriver().RunGenerators(Compile(source), CancellationToken.None);
        return driver.GetRunResult().Diagnostics;
    }

    public static GeneratorDriver CreateDriver() => CSharpGeneratorDriver.Create(
        [new CodecGenerator().AsSourceGenerator()],
        parseOptions: Options,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    public static CSharpCompilation Compile(params string[] sources) => CSharpCompilation.Create(
        "Sample",
        [Parse(Attributes), .. sources.Select(Parse)],
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    public static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source, Options);
}
