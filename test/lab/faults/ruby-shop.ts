import type { Lab } from '../lab.js';
import type { LabHost } from '../host.js';
import { changeOtherShop, deployOther, edited, runOtherShop } from './other-shop.js';

/** Threads of Puma, each with its session of the database; lines as Rails logs them, and its page for errors. */
const APP = `require "json"
require "logger"
require "net/http"
require "pg"
require "redis"
require "securerandom"

$stdout.sync = true
LOG = Logger.new($stdout)
CACHE = Redis.new(url: ENV.fetch("REDIS_URL"), timeout: 5)
SORRY = "<!DOCTYPE html><title>We're sorry, but something went wrong (503)</title>" \\
        "<h1>We're sorry, but something went wrong.</h1>"

class Shop
  def call(env)
    started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    path = env["PATH_INFO"]
    id = SecureRandom.uuid
    LOG.info("[#{id}] Started #{env["REQUEST_METHOD"]} \\"#{path}\\" for #{env["REMOTE_ADDR"]} at #{Time.now}")
    status, type, body = answer(path)
    took = ((Process.clock_gettime(Process::CLOCK_MONOTONIC) - started) * 1000).round
    LOG.info("[#{id}] Completed #{status} in #{took}ms")
    [status, { "Content-Type" => type }, [body]]
  rescue StandardError => error
    LOG.info("[#{id}] Completed 503 Service Unavailable")
    LOG.fatal("[#{id}] ")
    LOG.fatal("[#{id}] #{error.class} (#{error.message.strip}):")
    error.backtrace.first(8).each { |line| LOG.fatal("[#{id}] #{line}") }
    [503, { "Content-Type" => "text/html" }, [SORRY]]
  end

  private

  def answer(path)
    case path
    when "/health/" then [200, "application/json", health.to_json]
    when "/" then [200, "application/json", page.to_json]
    else [404, "text/plain", "Not Found"]
    end
  end

  def health
    ask("select 1")
    CACHE.ping
    { status: "ok" }
  end

  def page
    orders = ask("select count(*) from orders")
    CACHE.incr("visits")
    payments = pay
    File.open(ENV.fetch("VISITS_FILE"), "a") { |file| file.puts(Time.now.to_f) }
    { orders: orders.to_i, payments: payments["payments"] }
  end

  def ask(statement)
    database.exec(statement).getvalue(0, 0)
  rescue PG::ConnectionBad, PG::UnableToSend
    Thread.current.thread_variable_set(:database, nil)
    raise
  end

  def database
    kept = Thread.current.thread_variable_get(:database)
    return kept if kept
    PG.connect(ENV.fetch("DATABASE_URL"), connect_timeout: 5, application_name: "shop").tap do |made|
      Thread.current.thread_variable_set(:database, made)
    end
  end

  def pay
    url = URI(ENV.fetch("PAYMENTS_URL"))
    answer = Net::HTTP.start(url.host, url.port, use_ssl: true, open_timeout: 3, read_timeout: 8) { |http| http.get(url.path) }
    answer.value
    JSON.parse(answer.body)
  end
end

run Shop.new
`;

type Edits = readonly (readonly [string, string])[];

/** How Puma runs it: so many threads, more options, more lines in the unit. */
const unitWith = (threads: number, options: string): string[] => [
  `ExecStart=/usr/bin/puma -e production -b tcp://127.0.0.1:8000 -t ${String(threads)}:${String(threads)} ${options} config.ru`,
  'Environment=RACK_ENV=production LANG=C.UTF-8',
];

/** The shop is this program of Ruby from now on, with code that has been there for long. */
export const runRubyShop = (lab: Lab, edits: Edits = [], options = ''): Promise<void> =>
  runOtherShop(lab, { files: { 'config.ru': edited(APP, edits) }, unit: unitWith(5, options) });

/** So many threads for each host, and a restart. */
export const setPumaThreads = (host: LabHost, threads: number): void =>
  changeOtherShop(host, unitWith(threads, ''));

export const deployRuby = (host: LabHost, release: string, edits: Edits): void =>
  deployOther(host, release, 'config.ru', edited(APP, edits));
