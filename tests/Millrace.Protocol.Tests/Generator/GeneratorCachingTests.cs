using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Millrace.Protocol.Generator;

namespace Millrace.Protocol.Tests.Generator;

/// <summary>The editor runs the generator at every key stroke: only a change of a message may cost anything.</summary>
public sealed class GeneratorCachingTests
{
    private const string Message = """
        namespace Millrace.Protocol.Messages;
        [KafkaMessage(ApiKey.Fetch, "0-4", flexible: "3+")]
        internal sealed partial class Sample
        {
            public List<Part> Parts { get; set; } = [];
            internal sealed partial class Part { [Versions("2+")] public int X { get; set; } }
        }
        """;

    [Fact]
    public void Change_elsewhere_reuses_the_model() => Assert.All(
        RunAgain(compilation => compilation.AddSyntaxTrees(GeneratorRun.Parse("class Other;"))),
        reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, $"{reason}"));

    [Fact]
    public void Change_of_a_comment_in_the_message_gives_an_equal_model() => Assert.All(
        RunAgain(compilation => Replace(compilation, Message + "// seen")),
        reason => Assert.Equal(IncrementalStepRunReason.Unchanged, reason));

    [Fact]
    public void Change_of_an_attribute_gives_a_new_model() => Assert.Contains(
        IncrementalStepRunReason.Modified,
        RunAgain(compilation => Replace(compilation, Message.Replace("2+", "3+", StringComparison.Ordinal))));

    private static IReadOnlyList<IncrementalStepRunReason> RunAgain(Func<CSharpCompilation, CSharpCompilation> change)
    {
        CSharpCompilation compilation = GeneratorRun.Compile(Message);
        GeneratorDriver driver = GeneratorRun.CreateDriver().RunGenerators(compilation, CancellationToken.None);

        driver = driver.RunGenerators(change(compilation), CancellationToken.None);

        List<IncrementalStepRunReason> reasons = [.. driver.GetRunResult().Results[0].TrackedSteps[CodecGenerator.ModelStep]
            .SelectMany(step => step.Outputs)
            .Select(output => output.Reason)];
        Assert.NotEmpty(reasons);
        return reasons;
    }

    private static CSharpCompilation Replace(CSharpCompilation compilation, string message) =>
        compilation.ReplaceSyntaxTree(compilation.SyntaxTrees[^1], GeneratorRun.Parse(message));
}
