import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * A language that receivers are documented in: how to see whether it is here, what its code must name, and how to run
 * it.
 */
export interface ReceiverLanguage {
  readonly name: string;
  /** Commands that must end with status 0 for the language to count as present. */
  readonly probes: readonly (readonly [command: string, ...args: readonly string[]])[];
  /** The names of its HMAC and of its comparison in constant time. */
  readonly names: readonly [hmac: string, comparison: string];
  /**
   * Lays the block and a thin driver into `directory` and gives the command to run there. The driver reads lines of
   * mode (`verify` or `receive`), secret, Unix seconds, signature and base64 payload, split by tabs, `-` for an empty
   * one, and answers each with a line: `true`, `false`, or for `receive` the delivery id or `none`.
   */
  readonly install: (
    block: string,
    directory: string,
  ) => readonly [command: string, ...args: readonly string[]];
}

/** The seven languages of `docs/receive/code.md`. */
export const receiverLanguages: readonly ReceiverLanguage[] = [
  {
    name: 'python',
    probes: [['python3', '--version']],
    names: ['hmac.new', 'hmac.compare_digest'],
    install: (block, directory) => {
      writeFileSync(join(directory, 'receiver.py'), `${block}\n${PYTHON}`);
      return ['python3', 'receiver.py'];
    },
  },
  {
    name: 'typescript',
    probes: [[process.execPath, '--version']],
    names: ['createHmac', 'timingSafeEqual'],
    install: (block, directory) => {
      const { outputText } = ts.transpileModule(block + TYPESCRIPT, {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
      });
      writeFileSync(join(directory, 'receiver.mjs'), outputText);
      return [process.execPath, 'receiver.mjs'];
    },
  },
  {
    name: 'go',
    probes: [['go', 'version']],
    names: ['hmac.New', 'hmac.Equal'],
    install: (block, directory) => {
      mkdirSync(join(directory, 'webhooks'));
      writeFileSync(join(directory, 'webhooks', 'webhooks.go'), block);
      writeFileSync(join(directory, 'go.mod'), 'module receiver\n\ngo 1.19\n');
      writeFileSync(join(directory, 'main.go'), GO);
      return ['go', 'run', '.'];
    },
  },
  {
    name: 'java',
    probes: [
      ['javac', '--version'],
      ['java', '--version'],
    ],
    names: ['HmacSHA256', 'MessageDigest.isEqual'],
    install: (block, directory) => {
      writeFileSync(join(directory, 'Webhooks.java'), block);
      writeFileSync(join(directory, 'Main.java'), JAVA);
      execFileSync('javac', ['Webhooks.java', 'Main.java'], { cwd: directory });
      return ['java', '-cp', '.', 'Main'];
    },
  },
  {
    name: 'ruby',
    probes: [['ruby', '--version']],
    names: ['OpenSSL::HMAC', 'OpenSSL.secure_compare'],
    install: (block, directory) => {
      writeFileSync(join(directory, 'receiver.rb'), `${block}\n${RUBY}`);
      return ['ruby', 'receiver.rb'];
    },
  },
  {
    name: 'php',
    probes: [['php', '--version']],
    names: ['hash_hmac', 'hash_equals'],
    install: (block, directory) => {
      writeFileSync(join(directory, 'receiver.php'), `${block}\n${PHP}`);
      return ['php', 'receiver.php'];
    },
  },
  {
    name: 'shell',
    probes: [
      ['bash', '--version'],
      ['openssl', 'version'],
    ],
    names: ['openssl dgst -sha256 -hmac', 'openssl rand'],
    install: (block, directory) => {
      writeFileSync(join(directory, 'receiver.sh'), `${block}\n${SHELL}`);
      return ['bash', 'receiver.sh'];
    },
  },
];

/** Whether a language can be run on this machine. */
export function isPresent({ probes }: ReceiverLanguage): boolean {
  return probes.every(([command, ...args]) => spawnSync(command, args).status === 0);
}

const PYTHON = `
import base64, sys
for line in sys.stdin:
    mode, key, at, given, payload = line.rstrip("\\n").split("\\t")
    given, raw = given.replace("-", ""), b"" if payload == "-" else base64.b64decode(payload)
    if mode == "verify":
        print("true" if verify(raw, given, key) else "false")
    else:
        found = receive(raw, key, int(at))
        print(found["delivery_id"] if found else "none")
`;

const TYPESCRIPT = `
import { readFileSync } from 'node:fs';
for (const line of readFileSync(0, 'utf8').trimEnd().split('\\n')) {
  const [mode, key, at, given, payload] = line.split('\\t').map((part) => (part === '-' ? '' : part));
  const raw = Buffer.from(payload, 'base64');
  if (mode === 'verify') console.log(String(verify(raw, given, key)));
  else console.log(receive(raw, key, new Date(Number(at) * 1000))?.delivery_id ?? 'none');
}
`;

const GO = `package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"receiver/webhooks"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<26)
	for lines.Scan() {
		parts := strings.Split(lines.Text(), "\\t")
		raw, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(parts[4], "-"))
		if parts[0] == "verify" {
			fmt.Println(webhooks.Verify(string(raw), strings.TrimPrefix(parts[3], "-"), parts[1]))
			continue
		}
		at, _ := strconv.ParseInt(parts[2], 10, 64)
		if event, err := webhooks.Receive(raw, parts[1], time.Unix(at, 0)); err == nil {
			fmt.Println(event.DeliveryID)
		} else {
			fmt.Println("none")
		}
	}
}
`;

const JAVA = `import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

public class Main {
    public static void main(String[] args) throws Exception {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = lines.readLine()) != null; ) {
            String[] parts = line.split("\\t");
            byte[] raw = Base64.getDecoder().decode(parts[4].replace("-", ""));
            Instant at = Instant.ofEpochSecond(Long.parseLong(parts[2]));
            String text = new String(raw, StandardCharsets.UTF_8);
            System.out.println(parts[0].equals("verify")
                    ? String.valueOf(Webhooks.verify(text, parts[3].replace("-", ""), parts[1]))
                    : Webhooks.receive(raw, parts[1], at).map(Webhooks.Event::deliveryId).orElse("none"));
        }
    }
}
`;

const RUBY = `
require "base64"
STDIN.each_line(chomp: true) do |line|
  mode, key, at, given, payload = line.split("\\t").map { |part| part == "-" ? "" : part }
  raw = Base64.decode64(payload)
  if mode == "verify"
    puts verify(raw, given, key)
  else
    found = receive(raw, key, Time.at(at.to_i))
    puts found ? found["delivery_id"] : "none"
  end
end
`;

const PHP = `
foreach (file('php://stdin', FILE_IGNORE_NEW_LINES) as $line) {
    [$mode, $key, $at, $given, $payload] = array_map(fn ($part) => $part === '-' ? '' : $part, explode("\\t", $line));
    $raw = base64_decode($payload);
    if ($mode === 'verify') {
        echo verify($raw, $given, $key) ? "true\\n" : "false\\n";
    } else {
        echo receive($raw, $key, (int) $at)['delivery_id'] ?? 'none', "\\n";
    }
}
`;

const SHELL = `
while IFS=$'\\t' read -r mode key at given payload; do
  [[ $given == - ]] && given=
  [[ $payload == - ]] && payload=
  if [[ $mode == verify ]]; then
    text=$(openssl base64 -d -A <<<"$payload" && printf .)
    verify "\${text%.}" "$given" "$key" && echo true || echo false
  else
    found=$(openssl base64 -d -A <<<"$payload" | receive "$key" "$at") && echo "\${found% *}" || echo none
  fi
done
`;
