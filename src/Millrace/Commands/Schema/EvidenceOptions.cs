using System.CommandLine;
using Millrace.Registry.Evidence;

namespace Millrace.Commands.Schema;

/// <summary>How far back to look at stored events, and how many refused ones are accepted.</summary>
internal sealed class EvidenceOptions
{
    private readonly Option<TimeSpan?> _window;
    private readonly Option<long> _maxRejects;

    public EvidenceOptions(string name, string description)
    {
        _window = new Option<TimeSpan?>(name)
        {
            // "last 7d" is two words unless somebody quotes it.
            Arity = new ArgumentArity(1, 2),
            AllowMultipleArgumentsPerToken = true,
            HelpName = "last 7d",
            Description = description,
            CustomParser = result =>
            {
                string text = string.Join(' ', result.Tokens.Select(token => token.Value));
                TimeSpan? window = TimeSpanText.Parse(text);
                if (window is null)
                    result.AddError($"{name} is how far back to look, such as 'last 7d' or '12h' (s, m, h or d), not '{text}'.");
                return window;
            },
        };
        _maxRejects = new Option<long>("--max-rejects") { HelpName = "N", Description = "How many stored events it may refuse.", DefaultValueFactory = _ => 0 };
        _maxRejects.Check(value => value >= 0, "--max-rejects is a number from 0.");
    }

    public void AddTo(Command command)
    {
        command.Add(_window);
        command.Add(_maxRejects);
    }

    public TimeSpan? Window(ParseResult parsed) => parsed.GetValue(_window);

    public long MaxRejects(ParseResult parsed) => parsed.GetValue(_maxRejects);
}
