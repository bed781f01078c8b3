using System.CommandLine;

namespace Millrace.Commands;

/// <summary>The option <c>--format</c> of every command that shows data.</summary>
internal static class FormatOption
{
    public static Option<OutputFormat> Create(string description)
    {
        var option = new Option<OutputFormat>("--format")
        {
            Description = description,
            HelpName = "text|json",
            CustomParser = result =>
            {
                switch (result.Tokens[0].Value)
                {
                    case "text":
                        return OutputFormat.Text;
                    case "json":
                        return OutputFormat.Json;
                    default:
                        result.AddError($"--format is 'text' or 'json', not '{result.Tokens[0].Value}'.");
                        return OutputFormat.Text;
                }
            },
        };
        option.CompletionSources.Add("text", "json");
        return option;
    }
}
