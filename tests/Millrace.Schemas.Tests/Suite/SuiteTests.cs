namespace Millrace.Schemas.Tests.Suite;

/// <summary>The whole suite, required and optional: both questions give the answer that it expects.</summary>
public sealed class SuiteTests
{
    /// <summary>What is left out, with the reason. A test that passes all the same must be taken off the list.</summary>
    private static readonly Dictionary<string, string> Left = [];

    public static TheoryData<string> TestFiles() => [.. JsonSchemaTestSuite.TestFiles];

    [Theory]
    [MemberData(nameof(TestFiles))]
    public void Each_instance_is_judged_as_the_suite_expects(string file)
    {
        var wrong = new List<string>();
        foreach (var test in JsonSchemaTestSuite.Cases(file))
        {
            var passed = Passes(test, out var outcome);
            if (passed == Left.ContainsKey(test.Name))
            {
                wrong.Add(passed ? $"{test.Name}: passes, so it is not left out" : $"{test.Name}: {outcome}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Suite_is_there_as_a_whole() => Assert.Equal((80, 2_225), (JsonSchemaTestSuite.TestFiles.Count(), JsonSchemaTestSuite.TestFiles.SelectMany(JsonSchemaTestSuite.Cases).Count()));

    private static bool Passes(SuiteCase test, out string outcome)
    {
        try
        {
            var schema = JsonSchema.Compile(test.Schema, new SchemaOptions { Resolve = JsonSchemaTestSuite.Resolve, AssertFormats = test.AssertFormats });
            var report = schema.Evaluate(test.Instance);
            outcome = report.Valid ? "fits" : string.Join("; ", report.Errors);
            return schema.IsValid(test.Instance) == test.Valid && report.Valid == test.Valid && report.Valid == (report.Errors.Count == 0);
        }
        catch (SchemaException exception)
        {
            outcome = exception.Message;
            return false;
        }
    }
}
