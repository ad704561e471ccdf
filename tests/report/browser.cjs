// The report as an official opens it: from the disk, in Chromium, without a network. Run by run.py, which installs what is required here.
//   node browser.cjs REPORT SHOTS    REPORT is reports/<quarter> of a release, SHOTS a folder for screenshots and PDFs.
'use strict';
const fs = require('fs');
const os = require('os');
const path = require('path');
const { pathToFileURL } = require('url');
const { chromium } = require('playwright-core');

const [report, shots] = process.argv.slice(2).map((name) => path.resolve(name));
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const failures = [];
let checks = 0;

function check(sentence, holds, found) {
  checks += 1;
  if (!holds) failures.push(found === undefined ? sentence : `${sentence}: ${JSON.stringify(found)}`);
}

function url(page, query = '') {
  return pathToFileURL(path.join(report, page)).href + query;
}

function first(folder) {
  return folder + '/' + fs.readdirSync(path.join(report, folder)).sort()[0];
}

// Everything that goes wrong or out while a page is open.
function watch(page) {
  page.on('console', (message) => check('nothing is told in the console', message.type() !== 'error' && message.type() !== 'warning', message.text()));
  page.on('pageerror', (error) => check('no script fails', false, String(error)));
  page.on('request', (request) => check('nothing is asked of a network', /^(file|data):/.test(request.url()), request.url()));
  page.on('requestfailed', (request) => check('every file is there', false, request.url()));
}

async function open(context, name, query) {
  const page = await context.newPage();
  watch(page);
  await page.goto(url(name, query));
  return page;
}

const visible = (page) => page.$$eval('#ranking tbody tr', (rows) => rows.filter((row) => !row.hidden).map((row) => row.cells[2].textContent.trim()));
const column = (page, at) => page.$$eval('#ranking tbody tr', (rows, at) => rows.map((row) => row.cells[at].textContent.trim()), at);
const status = (page) => page.textContent('#count');

async function ranking(context) {
  const page = await open(context, 'index.html');
  const all = await visible(page);
  check('all parks are listed at first', (await status(page)) === `共 ${all.length} 个集聚区，列出 ${all.length} 个`, await status(page));
  const name = all[Math.floor(all.length / 2)];
  await page.fill('#search', name);
  let left = await visible(page);
  check('a search by name leaves parks of this name', left.length >= 1 && left.every((one) => one.includes(name)), left);
  const code = await page.$eval('#ranking tbody tr:last-child', (row) => row.dataset.code);
  await page.fill('#search', code);
  check('a search by code leaves one park', (await visible(page)).length === 1, await visible(page));
  await page.fill('#search', 'no such park');
  check('a search for what is not there leaves none and says so', (await status(page)).endsWith('列出 0 个'), await status(page));
  await page.fill('#search', '');
  const city = await page.$eval('#by-city option:nth-child(2)', (option) => [option.value, option.textContent]);
  await page.selectOption('#by-city', city[0]);
  const cities = await page.$$eval('#ranking tbody tr', (rows) => rows.filter((row) => !row.hidden).map((row) => row.cells[3].textContent.trim()));
  check('a filter by city leaves its parks', cities.length > 0 && cities.length < all.length && cities.every((one) => one === city[1]), cities);
  await page.selectOption('#by-city', '');
  const led = await page.$eval('#by-industry option:nth-child(2)', (option) => option.value);
  await page.selectOption('#by-industry', led);
  left = await page.$$eval('#ranking tbody tr', (rows) => rows.filter((row) => !row.hidden).map((row) => row.dataset.led.split(' ')));
  check('a filter by industry leaves those that are led by it', left.length > 0 && left.every((one) => one.includes(led)), left);
  await page.selectOption('#by-industry', '');

  // By the keyboard alone.
  const at = 4;
  const button = page.locator('#ranking thead th').nth(at).locator('button');
  await button.focus();
  const number = (text) => (/^[-+]?[0-9]/.test(text) ? parseFloat(text) : null);
  for (const [key, order, sign] of [['Enter', 'descending', -1], ['Space', 'ascending', 1]]) {
    await page.keyboard.press(key);
    check(`${key} sorts`, (await page.locator('#ranking thead th').nth(at).getAttribute('aria-sort')) === order);
    const values = (await column(page, at)).map(number);
    const figures = values.filter((value) => value !== null);
    check(`figures are ${order}`, figures.every((value, i) => i === 0 || sign * (value - figures[i - 1]) >= 0), figures);
    check('what is missing comes last', values.slice(0, figures.length).every((value) => value !== null), values);
  }
  check('one column says that it is sorted', (await page.locator('#ranking th[aria-sort]').count()) === 1);
  await page.close();
}

async function map(context) {
  const page = await open(context, 'index.html');
  if (await page.locator('#measure').count()) {
    for (const value of await page.$$eval('#measure option', (options) => options.map((option) => option.value))) {
      await page.selectOption('#measure', value);
      const wrong = await page.$$eval('.tiles [data-code]', (tiles, at) => tiles.filter((tile) => {
        const cell = document.querySelector(`#cities tr[data-code="${tile.dataset.code}"]`).cells[at];
        return tile.querySelector('.f').textContent.replace(/\s/g, '') !== cell.innerText.replace(/\s/g, '');
      }).map((tile) => tile.textContent), Number(value));
      check('the map shows the column that was chosen', wrong.length === 0, wrong);
    }
    const apart = await page.$$eval('.tiles li', (tiles) => new Set(tiles.map((tile) => tile.style.gridArea)).size === tiles.length);
    check('every tile has its own place', apart);
  }
  await page.close();
}

// To the first park of the ranking, and until its page is there.
async function follow(page) {
  await page.click('#ranking tbody a');
  await page.waitForURL(/\/parks\//);
  await page.waitForLoadState('load');
}

async function language(context) {
  const page = await open(context, 'index.html');
  await page.keyboard.press('Tab');
  check('the first stop of the keyboard leads to the text', (await page.evaluate(() => document.activeElement.getAttribute('href'))) === '#main');
  check('it is Chinese at first', (await page.evaluate(() => document.documentElement.lang)) === 'zh-CN');
  check('no English stands beside the Chinese', !(await page.innerText('#targets')).includes('Targets'));
  await page.click('.lang button[value=en]');
  check('the switch makes it English', (await page.innerText('h1')) === 'Quarterly report on industrial parks', await page.innerText('h1'));
  check('the title too', (await page.title()).startsWith('Quarterly report'), await page.title());
  check('what is counted is told in English', / of \d+ parks$/.test(await status(page)), await status(page));
  check('options are English', (await page.textContent('#by-city option')) === 'All cities');
  await page.reload();
  check('the language is remembered', (await page.innerText('h1')) === 'Quarterly report on industrial parks');
  await follow(page);
  check('a park of the ranking opens in the same language', (await page.evaluate(() => document.documentElement.lang)) === 'en' && /\/parks\//.test(page.url()), page.url());
  await page.click('.lang button[value=zh-CN]');
  check('and back', (await page.evaluate(() => document.documentElement.lang)) === 'zh-CN');
  await page.close();

  const without = await open(context, 'index.html');
  await without.addInitScript(() => Object.defineProperty(window, 'localStorage', { get() { throw new Error('no storage'); } }));
  await without.reload();
  await without.click('.lang button[value=en]');
  await follow(without);
  check('without a storage the language goes along in links', (await without.evaluate(() => document.documentElement.lang)) === 'en', without.url());
  await without.close();
}

async function charts(context) {
  for (const name of ['index.html', first('parks')]) {
    const page = await open(context, name);
    const figure = page.locator('figure[data-from]').first();
    const rows = await figure.locator('tbody tr').count();
    const scrub = figure.locator('[role=slider]');
    const readout = () => figure.locator('.readout').innerText();
    await scrub.focus();
    const said = async () => ({ text: await scrub.getAttribute('aria-valuetext'), shown: await readout() });
    for (const [key, row] of [['Home', rows - 1], ['ArrowRight', rows - 2], ['End', 0], ['ArrowLeft', 1]]) {
      await page.keyboard.press(key);
      const cells = await figure.locator('tbody tr').nth(Math.max(0, row)).locator('th, td').evaluateAll((cells) => cells.map((cell) => cell.textContent.trim()));
      const told = await said();
      // A missing figure has a sign in each language.
      const plain = cells.filter((cell) => /^[-0-9]/.test(cell));
      check(`${key} tells the values of its quarter`, plain.every((cell) => told.text.includes(cell) && told.shown.includes(cell)), [told, cells]);
    }
    const box = await scrub.boundingBox();
    await page.mouse.move(box.x + 1, box.y + 10);
    check('the pointer shows the quarter under it', (await readout()).startsWith(await figure.locator('tbody tr').last().locator('th').textContent()), await readout());
    await figure.locator('summary').click();
    check('the table behind a chart opens', await figure.locator('table').isVisible());
    await page.close();
  }
}

async function area(context) {
  const page = await open(context, first('parks'));
  check('what figures are made from is hidden at first', !(await page.locator('#figures tbody tr td:nth-child(13)').first().isVisible()));
  await page.check('#sources');
  check('and shown when it is asked for', await page.locator('#figures tbody tr td:nth-child(13)').first().isVisible());
  const target = await page.locator('#figures tbody th a').first().getAttribute('href');
  await page.locator('#figures tbody th a').first().click();
  const id = target.split('#')[1];
  check('the name of an indicator leads to what it means', await page.locator(`article[id="${id}"]`).isVisible(), page.url());
  await page.close();

  // Every link of every kind of page leads somewhere.
  for (const name of ['index.html', 'province.html', 'indicators.html', first('parks'), first('cities')]) {
    const page = await open(context, name);
    const dead = await page.$$eval('a[href]', (links) => links.map((link) => link.href));
    for (const link of new Set(dead)) {
      const file = decodeURIComponent(new URL(link).pathname);
      if (!fs.existsSync(file)) check(`a link of ${name} leads somewhere`, false, link);
    }
    checks += 1;
    await page.close();
  }
}

async function accessible(browser) {
  for (const colorScheme of ['light', 'dark']) {
    for (const lang of ['zh', 'en']) {
      for (const [size, viewport] of [['wide', { width: 1280, height: 900 }], ['narrow', { width: 360, height: 740 }]]) {
        const context = await browser.newContext({ colorScheme, viewport });
        for (const name of ['index.html', 'province.html', 'indicators.html', first('parks'), first('cities')]) {
          const page = await open(context, name, lang === 'en' ? '?lang=en' : '');
          const kind = `${name.split('/')[0].replace('.html', '')}-${lang}-${size}-${colorScheme}`;
          await page.evaluate(axe);
          const found = await page.evaluate(() => axe.run({ resultTypes: ['violations'], preload: false }));
          for (const one of found.violations) {
            check(`axe finds nothing in ${kind}`, false, [one.id, one.impact, one.nodes.length, one.nodes[0].html.slice(0, 160), one.nodes[0].failureSummary.slice(0, 300)]);
          }
          checks += 1;
          const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          check(`${kind} is not wider than its window`, over <= 0, over);
          await page.screenshot({ path: path.join(shots, `${kind}.png`), fullPage: !name.startsWith('indicators') });
          await page.close();
        }
        await context.close();
      }
    }
  }
}

async function paper(context) {
  for (const name of ['index.html', 'province.html', first('parks'), first('cities')]) {
    for (const lang of ['zh', 'en']) {
      const page = await open(context, name, lang === 'en' ? '?lang=en' : '');
      const kind = name.split('/')[0].replace('.html', '');
      await page.pdf({ path: path.join(shots, `${kind}-${lang}.pdf`), preferCSSPageSize: true, printBackground: true });
      await page.emulateMedia({ media: 'print' });
      // A4 without its margins of 13 mm, at 96 dots an inch.
      await page.setViewportSize({ width: Math.floor(((210 - 26) / 25.4) * 96), height: 1000 });
      const cut = await page.$$eval('table', (tables) => tables.map((table) => [table.id || table.className || table.innerText.slice(0, 20), table.scrollWidth, document.documentElement.clientWidth]).filter(([, wide, paper]) => wide > paper));
      check(`no table of ${kind} in ${lang} is wider than the paper`, cut.length === 0, cut);
      await page.close();
    }
  }
}

async function bare(browser) {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await open(context, 'index.html');
  check('without scripts the ranking can be read', await page.locator('#ranking tbody tr').first().isVisible());
  await page.locator('#ranking tbody a').first().click();
  check('without scripts a park can be read', await page.locator('#figures tbody td').first().isVisible());
  await context.close();
}

async function quick(context) {
  const page = await open(context, 'index.html');
  const paint = await page.evaluate(() => new Promise((done) => {
    const said = () => performance.getEntriesByName('first-contentful-paint')[0];
    if (said()) done(said().startTime);
    else new PerformanceObserver(() => said() && done(said().startTime)).observe({ type: 'paint', buffered: true });
  }));
  console.log(`first paint of the province's page: ${Math.round(paint)} ms`);
  await page.close();
}

(async () => {
  fs.mkdirSync(shots, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const fresh = async (run) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    try { await run(context); } catch (error) { check(`${run.name} ends`, false, String(error).slice(0, 600)); }
    await context.close();
  };
  for (const part of [quick, ranking, map, language, charts, area, paper]) await fresh(part);
  await bare(browser);
  await accessible(browser);
  await browser.close();
  for (const failure of new Set(failures)) console.error(`✗ ${failure}`);
  console.log(`${checks} checks, ${failures.length} failures; screenshots and PDFs in ${shots}`);
  process.exitCode = failures.length ? 1 : 0;
})();
