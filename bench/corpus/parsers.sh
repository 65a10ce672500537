#!/bin/sh
# Makes a folder of parsers for the bench `check` from packages of npm and PyPI: one command for each language, which prints one number of errors for each file.
# Usage: PARSERS="$(sh bench/corpus/parsers.sh FOLDER)" npm run bench -- check …
set -e
mkdir -p "$1" && cd "$1"
[ -d py ] || python3 -m venv py >&2

# Kotlin: the compiler inside its Jupyter kernel; a JDK must be installed.
if [ ! -f kotlin ] && command -v javac >/dev/null; then
  py/bin/pip download -q --no-deps -d wheels kotlin-jupyter-kernel==0.19.0.944 >&2
  py/bin/python -m zipfile -e wheels/kotlin_jupyter_kernel-*.whl kernel
  cat >KotlinErrors.java <<'END'
import java.nio.file.*;
import org.jetbrains.kotlin.cli.FrontendConfigurationKeysKt;
import org.jetbrains.kotlin.cli.jvm.compiler.*;
import org.jetbrains.kotlin.com.intellij.openapi.util.Disposer;
import org.jetbrains.kotlin.com.intellij.psi.*;
import org.jetbrains.kotlin.compiler.plugin.CompilerPluginRegistrar;
import org.jetbrains.kotlin.config.CompilerConfiguration;
import org.jetbrains.kotlin.psi.KtPsiFactory;
public class KotlinErrors {
  static int errors(PsiElement e) {
    int n = e instanceof PsiErrorElement ? 1 : 0;
    for (PsiElement child = e.getFirstChild(); child != null; child = child.getNextSibling()) n += errors(child);
    return n;
  }
  public static void main(String[] files) throws Exception {
    CompilerConfiguration configuration = new CompilerConfiguration();
    FrontendConfigurationKeysKt.setExtensionsStorage(configuration, new CompilerPluginRegistrar.ExtensionStorage());
    KotlinCoreEnvironment environment = KotlinCoreEnvironment.createForProduction(Disposer.newDisposable(), configuration, EnvironmentConfigFiles.JVM_CONFIG_FILES);
    KtPsiFactory factory = new KtPsiFactory(environment.getProject(), false);
    for (String file : files) System.out.println(errors(factory.createFile(file, Files.readString(Path.of(file)).replace("\r\n", "\n"))));
  }
}
END
  jars="$(find "$PWD/kernel" -name '*.jar' | tr '\n' ':')"
  javac -nowarn -cp "$jars" KotlinErrors.java 2>/dev/null
  printf '#!/bin/sh\nexec java -Xss16m -cp "%s:%s" KotlinErrors "$@"\n' "$jars" "$PWD" >kotlin
  chmod +x kotlin
fi

# Swift and Dart: no compiler can be had; newer builds of the grammars than those that cut.
cat >grammar.py <<'END'
import importlib, sys, tree_sitter
parser = tree_sitter.Parser(tree_sitter.Language(importlib.import_module(sys.argv[1]).language()))
for name in sys.argv[2:]:
    errors, nodes = 0, [parser.parse(open(name, 'rb').read()).root_node]
    while nodes:
        node = nodes.pop()
        errors += node.type == 'ERROR' or node.is_missing
        if node.has_error: nodes.extend(node.children)
    print(errors)
END
for language in swift:0.7.4 dart:0.1.0; do
  name="${language%:*}"
  [ -f "$name" ] && continue
  py/bin/pip install -q tree-sitter==0.26.1 "tree-sitter-$name==${language#*:}" >&2
  printf '#!/bin/sh\nexec "%s" "%s" tree_sitter_%s "$@"\n' "$PWD/py/bin/python" "$PWD/grammar.py" "$name" >"$name"
  chmod +x "$name"
done

# Zig: its formatter, which parses and no more.
if [ ! -f zig ]; then
  py/bin/pip install -q ziglang==0.17.1 >&2
  cat >zig.py <<'END'
import subprocess, sys
for name in sys.argv[1:]:
    with open(name, 'rb') as file:
        formatted = subprocess.run([sys.executable, '-m', 'ziglang', 'fmt', '--stdin'], stdin=file, capture_output=True)
    print(int(formatted.returncode != 0))
END
  printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$PWD/py/bin/python" "$PWD/zig.py" >zig
  chmod +x zig
fi

# Scala: Scalameta, as Scala 2, Scala 3 or sbt, whichever has no errors.
if [ ! -f scala ]; then
  npm install --silent --no-save scalameta-parsers@4.14.2 >&2
  cat >scala.cjs <<'END'
const { parseSource } = require('scalameta-parsers');
for (const file of process.argv.slice(2)) {
  const text = require('fs').readFileSync(file, 'utf8');
  console.log(['Scala213', 'Scala3', 'Sbt1'].every((dialect) => parseSource(text, { dialect }).error) ? 1 : 0);
}
END
  printf '#!/bin/sh\nexec node --stack-size=8000 "%s" "$@"\n' "$PWD/scala.cjs" >scala
  chmod +x scala
fi
# Haskell: the parser of GHC, if a GHC with its own library is installed.
if [ ! -f haskell ] && command -v ghc >/dev/null; then
  cat >HsErrors.hs <<'END'
module Main (main) where

import Control.Exception (SomeException, evaluate, try)
import Control.Monad.IO.Class (liftIO)
import System.Environment (getArgs)
import GHC
import GHC.Data.FastString (mkFastString)
import GHC.Data.StringBuffer (hGetStringBuffer)
import GHC.Driver.Session
import GHC.LanguageExtensions.Type (Extension (..))
import GHC.Parser (parseModule)
import GHC.Parser.Header (getOptions)
import GHC.Parser.Lexer (ParseResult (..), mkPState, unP)
import GHC.Types.SrcLoc (mkRealSrcLoc)

-- | Prints 0 for a module that GHC can parse, else 1. Common extensions are on, as packages switch them on elsewhere.
main :: IO ()
main = do
  libdir : files <- getArgs
  runGhc (Just libdir) $ do
    flags <- getSessionDynFlags
    let common = foldl xopt_set flags [LambdaCase, TupleSections, BangPatterns, ScopedTypeVariables, MultiWayIf, GADTs, TypeApplications, KindSignatures, RankNTypes, DataKinds, TypeOperators, DerivingStrategies, DerivingVia, StandaloneDeriving, FlexibleContexts, FlexibleInstances, MultiParamTypeClasses, FunctionalDependencies, TypeFamilies, PatternSynonyms, ViewPatterns, RecordWildCards, OverloadedStrings, NumericUnderscores, DefaultSignatures, ConstraintKinds, QuasiQuotes, ImportQualifiedPost]
    mapM_ (check common) files
  where
    check flags file = do
      buffer <- liftIO $ hGetStringBuffer file
      result <- liftIO . try $ do
        (own, _, _) <- parseDynamicFilePragma flags (getOptions flags buffer file)
        case unP GHC.Parser.parseModule (mkPState own buffer (mkRealSrcLoc (mkFastString file) 1 1)) of
          POk _ _ -> pure (0 :: Int)
          PFailed _ -> pure 1
      liftIO . print $ either (\e -> const 1 (e :: SomeException)) id result
END
  ghc -v0 -package ghc HsErrors.hs -o hserrors >&2
  printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$PWD/hserrors" "$(ghc --print-libdir)" >haskell
  chmod +x haskell
fi

# Markup, queries and schemas: packages that the bench loads itself. SQL, Protobuf and YAML need FOLDER/py/bin in front of PATH.
if [ ! -d markup ]; then
  npm install --silent --no-save --prefix markup parse5@8.1.1 @vue/compiler-sfc@3.5.45 vue@3.5.45 svelte@5.57.3 sass-parser@0.4.55 graphql@16.15.0 \
    dockerfile-utils@0.16.3 libpg-query@18.1.5 >&2
  py/bin/pip install -q pyyaml==6.0.4 sqlglot==30.30.0 grpcio-tools==1.85.1 >&2
fi
pwd
