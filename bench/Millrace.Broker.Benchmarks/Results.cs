using System.Globalization;
using System.Text.Json;

namespace Millrace.Broker.Benchmarks;

/// <summary>What a figure has to be beside that of Apache Kafka: at least, or at most, so many times it.</summary>
internal sealed record Target(bool IsAtLeast, double Factor)
{
    public static Target AtLeast(double factor) => new(true, factor);

    public static Target AtMost(double factor) => new(false, factor);

    public bool IsMetBy(double ratio) => IsAtLeast ? ratio >= Factor : ratio <= Factor;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsAtLeast ? "≥" : "≤")} {Factor:0.###}");
}

/// <summary>The figures of all rounds, and the table of them: the median, in brackets the smallest and the largest.</summary>
/// <param name="reference">The contestant that targets are about.</param>
/// <param name="limit">The one that nobody can beat; null where none takes part.</param>
internal sealed class Results(string reference, string? limit)
{
    private readonly Dictionary<string, Dictionary<string, List<double>>> _figures = [];
    private readonly Dictionary<(string What, string Who), Target> _targets = [];

    public void Add(string what, string who, double figure)
    {
        if (!_figures.TryGetValue(what, out var row))
            _figures[what] = row = [];
        if (!row.TryGetValue(who, out var figures))
            row[who] = figures = [];
        figures.Add(figure);
    }

    public void Require(string what, string who, Target target) => _targets[(what, who)] = target;

    public void Print(TextWriter output)
    {
        output.WriteLine($"| | broker | median (range) | {reference} | ratio | {(limit is null ? "" : $"of the {limit}")} | target | |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var (what, row) in _figures)
        {
            var referenceFigures = row.GetValueOrDefault(reference);
            foreach (var (who, figures) in row.Where(r => r.Key != reference || row.Count == 1))
            {
                var ratio = Ratio(figures, referenceFigures);
                var share = Ratio(figures, limit is null ? null : row.GetValueOrDefault(limit));
                _targets.TryGetValue((what, who), out var target);
                var verdict = target is null || double.IsNaN(ratio) ? "" : target.IsMetBy(ratio) ? "met" : "missed";
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {what} | {who} | {Text(figures)} | {(referenceFigures is null ? "" : Text(referenceFigures))} | {RatioText(ratio)} | {RatioText(share)} | {target} | {verdict} |"));
            }
        }
    }

    public void Save(string path, string machine) => File.WriteAllText(path, JsonSerializer.Serialize(new { machine, figures = _figures }, new JsonSerializerOptions { WriteIndented = true }));

    private static double Median(List<double> figures)
    {
        var sorted = figures.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static double Ratio(List<double> figures, List<double>? to) => to is null ? double.NaN : Median(figures) / Median(to);

    private static string RatioText(double ratio) => double.IsNaN(ratio) ? "" : Number(ratio);

    private static string Text(List<double> figures) => $"{Number(Median(figures))} ({Number(figures.Min())}–{Number(figures.Max())})";

    private static string Number(double figure) =>
        figure.ToString(Math.Abs(figure) switch { >= 1000 => "#,0", >= 100 => "0", >= 10 => "0.0", _ => "0.00" }, CultureInfo.InvariantCulture);
}
