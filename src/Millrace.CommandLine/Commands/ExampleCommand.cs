using System.CommandLine;

namespace Millrace.Commands;

/// <summary>A command whose help ends with examples: what a reader looks for first.</summary>
/// <param name="name">What is typed.</param>
/// <param name="description">One sentence.</param>
/// <param name="examples">Command lines without the program's name, that work as they stand; at least one.</param>
internal sealed class ExampleCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;
}
