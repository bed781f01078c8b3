using System.CommandLine;
using Millrace.Operations.DeadLetters;

namespace Millrace.Commands.Dlq;

/// <summary>Which dead letters a command is about.</summary>
internal sealed class FilterOptions
{
    private const string AnyState = "any";

    private readonly Argument<Guid[]> _ids = new("id")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Exactly these.",
        CustomParser = result => [.. result.Tokens.Select(t => ParseId(t.Value, result.AddError))],
    };

    private readonly Option<string?> _reason = new("--reason") { HelpName = "CODE", Description = "Only with this reason, such as not_json." };
    private readonly Option<string?> _fingerprint = new("--fingerprint") { HelpName = "PRINT", Description = "Only of this group, as 'dlq list' shows it." };
    private readonly Option<string?> _type = new("--type") { HelpName = "TYPE", Description = "Only of this eventType, where it could be read." };
    private readonly Option<DateTimeOffset?> _since = TimeOption.Create("--since", "Only first seen since then: 2026-01-31, 2026-01-31T12:00:00Z, or 2h for two hours ago.");
    private readonly Option<DateTimeOffset?> _until = TimeOption.Create("--until", "Only first seen before then.");
    private readonly Option<string?> _state = new("--state") { HelpName = "STATE", Description = "new, replayed, discarded or any. [default: new; with ids any]" };

    public FilterOptions() => _state.AcceptOnlyFromAmong("new", "replayed", "discarded", AnyState);

    public static Guid ParseId(string text, Action<string> addError)
    {
        if (!Guid.TryParse(text, out Guid id))
            addError($"'{text}' is not the id of a dead letter: '{Product.CommandName} dlq list' shows one of each kind.");
        return id;
    }

    /// <param name="withIds">Whether the command takes ids too.</param>
    /// <param name="withState">Whether letters that were decided about can be meant.</param>
    public void AddTo(Command command, bool withIds, bool withState)
    {
        if (withIds)
            command.Add(_ids);
        foreach (Option option in (Option[])[_reason, _fingerprint, _type, _since, _until])
            command.Add(option);
        if (withState)
            command.Add(_state);
    }

    public DeadLetterFilter Read(ParseResult parsed)
    {
        Guid[] ids = Ids(parsed);
        return new DeadLetterFilter
        {
            Ids = ids.Length > 0 ? ids : null,
            State = parsed.GetValue(_state) switch
            {
                null => ids.Length > 0 ? null : DeadLetterState.New,
                AnyState => null,
                { } name => Enum.Parse<DeadLetterState>(name, ignoreCase: true),
            },
            Reason = parsed.GetValue(_reason),
            Fingerprint = parsed.GetValue(_fingerprint),
            EventType = parsed.GetValue(_type),
            From = parsed.GetValue(_since),
            To = parsed.GetValue(_until),
        };
    }

    /// <summary>Those named one by one.</summary>
    public Guid[] Ids(ParseResult parsed) => parsed.CommandResult.Command.Arguments.Contains(_ids) ? parsed.GetValue(_ids) ?? [] : [];

    /// <summary>What changes many letters must be told which: an empty command line is more often a slip than a wish.</summary>
    /// <exception cref="CommandFailedException">Nothing says which.</exception>
    public void RequireAny(ParseResult parsed, Option<bool> all)
    {
        bool any = parsed.GetValue(all) || Ids(parsed).Length > 0
            || new Option[] { _reason, _fingerprint, _type, _since, _until }.Any(o => parsed.GetResult(o) is not null);
        if (!any)
            throw new CommandFailedException(ExitCodes.Usage, "Which dead letters? Give ids, --reason, --fingerprint, --type, --since, --until, or --all.");
    }
}
