using System.CommandLine;
using Millrace.Commands.Produce;
using Millrace.Schemas;
using Millrace.Terminal;

namespace Millrace.Commands.Schema;

/// <summary>Holds one instance, or one on each line, against a schema. Needs nothing running.</summary>
internal static class ValidateCommand
{
    /// <summary>A line is an event, of which Kafka takes 1 MiB; what is far above that is no line.</summary>
    private const int MaxLineBytes = 16 * 1024 * 1024;

    /// <summary>One instance is held in memory whole.</summary>
    private const int MaxInstanceBytes = 64 * 1024 * 1024;

    private static readonly string[] LineEndings = [".ndjson", ".jsonl"];

    public static Command Create()
    {
        var schema = new Argument<string>("schema") { Description = "The schema. Relative references in it name files beside it." };
        var file = new Argument<string>("file") { Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => InputFile.StandardInput, Description = "The instance, or one on each line where the name ends with .ndjson; - is standard input." };
        var lines = new Option<bool>("--ndjson") { Description = "One instance on each line, whatever the name." };
        var formats = new Option<bool>("--assert-formats") { Description = "Hold texts against \"format\" too; by the standard it only annotates." };
        Option<ResultFormat> format = FormatOption();
        var command = new ExampleCommand(
            "validate", "Holds data against a schema; exit code 0 when all of it fits, 1 when not, 2 when the schema or the arguments are wrong.",
            "millrace schema validate order_placed.json order.json",
            "millrace schema validate order_placed.json events.ndjson --format json",
            "cat events.log | millrace schema validate order_placed.json --ndjson")
        {
            schema, file, lines, formats, format,
        };
        command.SetAction((parsed, _) =>
        {
            string path = parsed.GetRequiredValue(file);
            bool many = parsed.GetValue(lines) || LineEndings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
            JsonSchema compiled = SchemaFile.Compile(parsed.GetRequiredValue(schema), parsed.GetValue(formats));
            return RunAsync(compiled, path, many, parsed.GetValue(format));
        });
        return command;
    }

    private static async Task<int> RunAsync(JsonSchema schema, string path, bool many, ResultFormat format)
    {
        await using Stream input = InputFile.Open(path, "Reading from the keyboard; Ctrl+D ends.");
        using var signals = new ShutdownSignals(() => { });
        await using var results = new ResultWriter(Console.OpenStandardOutput(), format, many);
        try
        {
            if (many)
                await ValidateLinesAsync(schema, input, results, signals.Requested);
            else
                results.Add(1, schema.Evaluate(ReadWhole(input, path)));
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C: what was read so far is told.
        }

        results.Finish(Console.Error);
        return results.Invalid == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static async Task ValidateLinesAsync(JsonSchema schema, Stream input, ResultWriter results, CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<InputLine> lines = new LineReader(input, MaxLineBytes).ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            // Whoever writes the input may wait for the answer to what was written so far.
            ValueTask<bool> next = lines.MoveNextAsync();
            if (!next.IsCompleted)
                results.Flush();
            if (!await next)
                return;
            Validate(schema, lines.Current, results);
        }
    }

    private static void Validate(JsonSchema schema, InputLine line, ResultWriter results)
    {
        if (line.Bytes is not { } bytes)
            results.Add(line.Number, TooLong);
        else if (!bytes.AsSpan().Trim(" \t"u8).IsEmpty)
            results.Add(line.Number, schema.Evaluate(bytes));
    }

    private static SchemaReport TooLong { get; } =
        new(false, [new SchemaError("", "", "", "", $"The line is longer than {MaxLineBytes / 1024 / 1024} MiB and was not read.")]);

    private static byte[] ReadWhole(Stream input, string path) =>
        InstanceReader.ReadAll(input, MaxInstanceBytes)
        ?? throw new CommandFailedException(
            ExitCodes.Usage, $"'{path}' has more than {MaxInstanceBytes / 1024 / 1024} MiB, too much for one instance; --ndjson takes one on each line.");

    private static Option<ResultFormat> FormatOption()
    {
        var option = new Option<ResultFormat>("--format")
        {
            Description = "json: {\"line\",\"valid\",\"errors\":[{\"instanceLocation\",\"keywordLocation\",\"absoluteKeywordLocation\",\"keyword\",\"error\"}]} for each instance; basic: the standard's output",
            HelpName = "text|json|basic",
            CustomParser = result =>
            {
                string name = result.Tokens[0].Value;
                if (Enum.GetNames<ResultFormat>().Contains(name, StringComparer.OrdinalIgnoreCase))
                    return Enum.Parse<ResultFormat>(name, ignoreCase: true);
                result.AddError($"--format is 'text', 'json' or 'basic', not '{name}'.");
                return ResultFormat.Text;
            },
        };
        option.CompletionSources.Add("text", "json", "basic");
        return option;
    }
}
