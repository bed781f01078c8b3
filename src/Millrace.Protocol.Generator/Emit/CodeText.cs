using System.Text;

namespace Millrace.Protocol.Generator.Emit;

/// <summary>Text with indentation and braces.</summary>
internal sealed class CodeText
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _afterBlock;

    /// <summary>A blank line goes before whatever follows a block, unless that is the end of the outer block or the other branch.</summary>
    public void Line(string line = "")
    {
        if (_afterBlock && line is not ("" or "}" or "else"))
        {
            _text.Append('\n');
        }

        _afterBlock = line == "}";
        if (line.Length > 0)
        {
            _text.Append(' ', _depth * 4).Append(line);
        }

        _text.Append('\n');
    }

    /// <summary><paramref name="head"/>, then what <paramref name="body"/> writes between braces.</summary>
    public void Block(string head, Action body)
    {
        Line(head);
        Line("{");
        _depth++;
        body();
        _depth--;
        Line("}");
    }

    /// <summary>As <see cref="Block"/>, or the body alone where there is no condition.</summary>
    public void BlockIf(string? condition, Action body)
    {
        if (condition is null)
        {
            body();
        }
        else
        {
            Block($"if ({condition})", body);
        }
    }

    public override string ToString() => _text.ToString();
}
