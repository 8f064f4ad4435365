/** A value of a property: a word, or several that mean the same. */
type Value = string | readonly string[];

/** Properties whose values are told by the word that stands in the same place of two names. */
const slotProperties: readonly (readonly Value[])[] = [
  ['高', '中', '低'],
  ['强', '弱'],
  ['高频', '中频', '低频'],
  ['高活跃', '中活跃', '低活跃', '不活跃'],
  ['高价值', '中价值', '低价值'],
  ['新', ['老', '旧'], '次新'],
  [
    ['新客', '新客户'],
    ['老客', '老客户'],
  ],
  ['大', '中', '小'],
  ['多', '少'],
  [
    ['男', '男性'],
    ['女', '女性'],
  ],
  ['已', '未', '待'],
  ['有', ['无', '没有']],
  ['内', '外'],
  ['内部', '外部'],
  [['线上', '在线'], '线下'],
  ['早', '午', '晚'],
  ['黑', '白', '灰', '红'],
  ['金', '银', '铜'],
  ['普通', '高级', '尊享'],
  ['房', '车', '信用', '消费', '经营'],
  [['潜在', '潜'], '意向', ['流失', '已流失'], ['沉默', '沉睡', '休眠'], '活跃', '预流失'],
  [
    ['首购', '首单', '首次'],
    ['复购', '重复'],
  ],
  [
    ['个人', '对私'],
    ['企业', '公司', '对公'],
  ],
  [['自营', '直营'], '加盟'],
  ['收入', '支出'],
  ['进口', '国产'],
  ['买', '卖'],
  ['买方', '卖方'],
  ['买家', '卖家'],
  ['甲方', '乙方'],
  ['供应商', '经销商'],
  ['售前', '售中', '售后'],
  ['升级', '降级'],
  ['成功', '失败'],
  ['好评', '中评', '差评'],
  ['免费', ['付费', '收费']],
  ['试用', ['正式', '付费']],
  ['自用', '送礼'],
  ['猫', '狗'],
  ['春', '夏', '秋', '冬'],
  ['上', '中', '下'],
  ['前', '后'],
  ['左', '右'],
  ['东', '南', '西', '北'],
  ['主', '次'],
  ['正', '负'],
  ['增', '减'],
  ['涨', '跌'],
  ['长', '短'],
  ['长期', '中期', '短期'],
  ['定期', '活期'],
  ['国有', ['民营', '私营'], '外资', '合资'],
  ['开启', '关闭'],
  [
    ['处理中', '进行中'],
    ['已关闭', '已完成', '已结束'],
  ],
  ['high', ['medium', 'mid'], 'low'],
  ['new', ['old', 'existing'], 'former'],
  [['big', 'large'], 'medium', 'small'],
  [
    ['male', 'men'],
    ['female', 'women'],
  ],
  ['active', 'inactive', 'dormant', ['churned', 'lost']],
  ['online', 'offline'],
  ['domestic', ['overseas', 'foreign']],
  ['first', 'second', 'third'],
  ['first', 'repeat'],
  ['personal', ['corporate', 'business']],
  ['public', 'private'],
  ['client', 'server'],
  ['internal', 'external'],
  ['inbound', 'outbound'],
  ['left', 'right'],
  ['min', 'max'],
  ['paid', ['free', 'unpaid'], 'trial'],
  ['buyer', 'seller'],
  ['enterprise', 'starter', 'professional', 'basic', 'premium'],
  ['north', 'south', 'east', 'west'],
  ['won', 'lost'],
  ['open', 'closed'],
  ['upgrade', 'downgrade'],
  ['owner', 'tenant'],
];

/** Properties whose values are told wherever they stand in a name: festivals, places, channels, grades by name. */
const seriesProperties: readonly (readonly Value[])[] = [
  [
    ['双十一', '双11', 'double eleven', 'singles day'],
    ['双十二', '双12', 'double twelve'],
    ['黑五', '黑色星期五', 'black friday'],
    ['网络星期一', '网一', 'cyber monday'],
    ['618', '六一八', '年中大促'],
    ['年货节'],
    ['春节', '过年', '农历新年', 'spring festival', 'lunar new year'],
    ['元旦', "new year's day"],
    ['元宵', '元宵节'],
    ['清明', '清明节'],
    ['五一', '劳动节'],
    ['端午', '端午节'],
    ['中秋', '中秋节'],
    ['国庆', '国庆节', '十一黄金周'],
    ['重阳', '重阳节'],
    ['七夕', '七夕节'],
    ['情人节', "valentine's day", 'valentines'],
    ['妇女节', '三八节', '38节', '女神节', '女王节', '三八'],
    ['儿童节', '六一'],
    ['母亲节', "mother's day"],
    ['父亲节', "father's day"],
    ['教师节'],
    ['圣诞', '圣诞节', 'christmas', 'xmas'],
    ['万圣节', 'halloween'],
    ['感恩节', 'thanksgiving'],
    ['复活节', 'easter'],
  ],
  [
    ['一季度', '第一季度', '1季度', 'q1', 'first quarter'],
    ['二季度', '第二季度', '2季度', 'q2', 'second quarter'],
    ['三季度', '第三季度', '3季度', 'q3', 'third quarter'],
    ['四季度', '第四季度', '4季度', 'q4', 'fourth quarter'],
  ],
  [
    ['一月', '1月', 'january', 'jan'],
    ['二月', '2月', 'february', 'feb'],
    ['三月', '3月', 'march'],
    ['四月', '4月', 'april', 'apr'],
    ['五月', '5月'],
    ['六月', '6月', 'june', 'jun'],
    ['七月', '7月', 'july', 'jul'],
    ['八月', '8月', 'august', 'aug'],
    ['九月', '9月', 'september', 'sep', 'sept'],
    ['十月', '10月', 'october', 'oct'],
    ['十一月', '11月', 'november', 'nov'],
    ['十二月', '12月', 'december', 'dec'],
  ],
  [
    ['周一', '星期一', 'monday'],
    ['周二', '星期二', 'tuesday'],
    ['周三', '星期三', 'wednesday'],
    ['周四', '星期四', 'thursday'],
    ['周五', '星期五', 'friday'],
    ['周六', '星期六', 'saturday'],
    ['周日', '周天', '星期日', '星期天', 'sunday'],
  ],
  [
    ['工作日', 'weekday'],
    ['周末', 'weekend'],
    ['节假日', 'holiday'],
  ],
  [
    ['早间', '早上', '早晨', '清晨', 'morning'],
    ['上午', 'forenoon'],
    ['中午', '午间', 'noon'],
    ['下午', 'afternoon'],
    ['白天', '日间', 'daytime'],
    ['傍晚', '晚间', '晚上', 'evening'],
    ['夜间', '深夜', '凌晨', '夜里', 'night'],
  ],
  [
    ['春季', '春装', '春天', 'spring'],
    ['夏季', '夏装', '夏天', 'summer'],
    ['秋季', '秋装', '秋天', 'autumn', 'fall'],
    ['冬季', '冬装', '冬天', 'winter'],
  ],
  [
    ['月付', '包月', '月卡', '月费', 'monthly'],
    ['季付', '包季', '季卡', '季费', 'quarterly'],
    ['年付', '包年', '年卡', '年费', 'annual', 'yearly'],
    ['周付', '周卡', 'weekly'],
    ['日卡', 'daily'],
  ],
  [
    ['钻石', 'diamond'],
    ['白金', '铂金', 'platinum'],
    ['黄金', '金卡', 'gold'],
    ['白银', '银卡', 'silver'],
    ['青铜', '铜卡', 'bronze'],
    ['黑卡', '黑金'],
    ['普卡'],
  ],
  [
    ['免费版', 'free plan'],
    ['试用版', 'trial plan'],
    ['基础版', '标准版', '入门版'],
    ['专业版', '高级版'],
    ['企业版'],
    ['旗舰版', '至尊版'],
    ['付费版'],
  ],
  [
    ['小学'],
    ['初中'],
    ['高中'],
    ['中专', '职高'],
    ['大专', '专科'],
    ['本科', '学士'],
    ['硕士', '研究生'],
    ['博士'],
  ],
  [
    ['未婚', '单身', 'single'],
    ['已婚', 'married'],
    ['离异', '离婚', 'divorced'],
    ['丧偶', 'widowed'],
  ],
  [['儿童', '少儿', '童装'], ['青少年'], ['青年'], ['中年'], ['老年', '银发']],
  [
    ['男装', "men's wear", 'menswear'],
    ['女装', "women's wear", 'womenswear'],
    ['童装', "children's wear"],
  ],
  [
    ['安卓', 'android'],
    ['苹果', 'ios', 'iphone'],
    ['鸿蒙', 'harmonyos'],
    ['windows'],
    ['macos'],
    ['linux'],
  ],
  [
    ['企业微信', '企微', 'wecom'],
    ['微信', 'wechat'],
    ['抖音', 'douyin', 'tiktok'],
    ['快手', 'kuaishou'],
    ['小红书', 'xiaohongshu', 'rednote'],
    ['微博', 'weibo'],
    ['b站', '哔哩哔哩', 'bilibili'],
    ['知乎', 'zhihu'],
    ['百度', 'baidu'],
    ['天猫', 'tmall'],
    ['淘宝', 'taobao'],
    ['京东', 'jd.com'],
    ['拼多多', 'pdd', 'pinduoduo'],
    ['唯品会'],
    ['美团'],
    ['饿了么'],
    ['飞书', 'feishu', 'lark'],
    ['钉钉', 'dingtalk'],
    ['支付宝', 'alipay'],
    ['银联', '云闪付'],
    ['facebook'],
    ['instagram'],
    ['google'],
    ['bing'],
    ['youtube'],
    ['twitter'],
    ['linkedin'],
    ['amazon', '亚马逊'],
    ['ebay'],
    ['shopify'],
  ],
  [['小程序'], ['公众号'], ['视频号'], ['官网', '网站'], ['门店'], ['直播间', '直播'], ['社群']],
  [
    ['短信', 'sms'],
    ['邮件', '邮箱', '电邮', 'email', 'e-mail'],
    ['电话', 'phone'],
  ],
  [
    ['信用卡', 'credit card'],
    ['储蓄卡', '借记卡', 'debit card'],
    ['现金', 'cash'],
  ],
  [['寿险'], ['车险'], ['健康险', '医疗险'], ['意外险'], ['财险', '财产险'], ['养老险']],
  [['房贷'], ['车贷'], ['信用贷', '信贷'], ['经营贷'], ['消费贷']],
  [['油车', '燃油车'], ['电车', '电动车', '纯电'], ['混动']],
  [
    ['决策人', '决策者'],
    ['使用人', '使用者'],
    ['采购人', '采购负责人'],
    ['推荐人', '介绍人'],
  ],
  [
    ['教育', 'education'],
    ['医疗', '医药', 'healthcare'],
    ['金融', 'finance'],
    ['制造', '制造业', 'manufacturing'],
    ['零售', '零售业', 'retail'],
    ['互联网', 'internet'],
    ['房地产', '地产', 'real estate'],
    ['餐饮', 'catering'],
    ['物流', 'logistics'],
    ['能源', 'energy'],
    ['农业', 'agriculture'],
    ['旅游', 'travel'],
    ['传媒', 'media'],
    ['建筑', 'construction'],
    ['政府', 'government'],
  ],
  [
    ['华东', 'east china'],
    ['华南', 'south china'],
    ['华北', 'north china'],
    ['华中', 'central china'],
    ['西南', 'southwest'],
    ['西北', 'northwest'],
    ['东北', 'northeast'],
  ],
  [
    ['国内', '境内', 'domestic'],
    ['海外', '境外', '国外', 'overseas', 'abroad'],
  ],
  [
    ['亚洲', 'asia'],
    ['欧洲', 'europe'],
    ['非洲', 'africa'],
    ['北美', 'north america'],
    ['南美', '拉美', 'south america', 'latin america'],
    ['大洋洲', 'oceania'],
    ['东南亚', 'southeast asia'],
    ['中东', 'middle east'],
  ],
  '河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门'.split(
    ' ',
  ),
  [
    ['北京', '京城', 'beijing'],
    ['上海', '沪上', 'shanghai'],
    ...'天津 重庆 广州 深圳 杭州 南京 苏州 成都 武汉 西安 长沙 郑州 青岛 济南 宁波 无锡 佛山 东莞 合肥 福州 厦门 昆明 大连 沈阳 哈尔滨 长春 石家庄 太原 南昌 南宁 贵阳 海口 兰州 乌鲁木齐 呼和浩特 银川 西宁 拉萨 温州 珠海'.split(
      ' ',
    ),
  ],
  'paris london berlin madrid rome vienna amsterdam munich hamburg tokyo osaka seoul singapore sydney melbourne dubai toronto'
    .split(' ')
    .concat([
      'new york',
      'los angeles',
      'san francisco',
      'chicago',
      'boston',
      'seattle',
      'hong kong',
    ]),
  '中国 美国 英国 德国 法国 日本 韩国 俄罗斯 印度 巴西 加拿大 澳大利亚 新加坡 泰国 越南 马来西亚 意大利 西班牙'.split(
    ' ',
  ),
  'china germany france japan korea russia india brazil canada australia thailand vietnam malaysia italy spain'.split(
    ' ',
  ),
  '白羊座 金牛座 双子座 巨蟹座 狮子座 处女座 天秤座 天蝎座 射手座 摩羯座 水瓶座 双鱼座'.split(' '),
];

interface Place {
  readonly property: number;
  readonly value: number;
}

function placesOf(
  properties: readonly (readonly Value[])[],
): ReadonlyMap<string, readonly Place[]> {
  const places = new Map<string, Place[]>();
  for (const [property, values] of properties.entries()) {
    for (const [value, words] of values.entries()) {
      for (const word of typeof words === 'string' ? [words] : words) {
        places.set(word, [...(places.get(word) ?? []), { property, value }]);
      }
    }
  }
  return places;
}

const slotPlaces = placesOf([...slotProperties, ...seriesProperties]);
const seriesPlaces = placesOf(seriesProperties);
/** By first character, longest first. */
const seriesWords = (() => {
  const words = new Map<string, string[]>();
  for (const word of [...seriesPlaces.keys()].sort((a, b) => b.length - a.length)) {
    words.set(word.slice(0, 1), [...(words.get(word.slice(0, 1)) ?? []), word]);
  }
  return words;
})();

/** Whether two words are two values of one property, and never two words for one value. */
export function areTwoValues(left: string, right: string): boolean {
  const places = slotPlaces.get(right) ?? [];
  const pairs = (slotPlaces.get(left) ?? []).flatMap((one) =>
    places.filter(({ property }) => property === one.property).map((other) => [one, other]),
  );
  return pairs.length > 0 && pairs.every(([one, other]) => one?.value !== other?.value);
}

/** A value of a series that a name speaks of. */
export interface Mention {
  readonly property: number;
  readonly value: number;
  /** As the name has it. */
  readonly word: string;
}

const isHan = /^\p{Script=Han}/u;
const letterOrDigit = /[\p{Letter}\p{Number}]/u;
const digit = /\p{Number}/u;

/** The values of series in a normalised name, at each place the longest word, and the name without them. */
export function mentionsIn(name: string): {
  readonly mentions: readonly Mention[];
  readonly rest: string;
} {
  const mentions: Mention[] = [];
  let rest = '';
  for (let at = 0; at < name.length; ) {
    const start = name.slice(at, at + 1);
    const word = seriesWords
      .get(start)
      ?.find((one) => name.startsWith(one, at) && isWhole(name, at, one));
    for (const place of seriesPlaces.get(word ?? '') ?? []) {
      mentions.push({ ...place, word: word ?? '' });
    }
    rest += word === undefined ? start : ' '.repeat(word.length);
    at += word?.length ?? 1;
  }
  return { mentions, rest };
}

/** Words in letters stand by themselves, and one that begins or ends with a digit is no part of a longer number. */
function isWhole(text: string, at: number, word: string): boolean {
  const [before, after] = [
    text.slice(at - 1, at),
    text.slice(at + word.length, at + word.length + 1),
  ];
  const touches = (inside: string, outside: string) => {
    if (outside === '' || !letterOrDigit.test(outside)) return false;
    if (digit.test(inside)) return digit.test(outside);
    return !isHan.test(inside) && !isHan.test(outside);
  };
  return !touches(word.slice(0, 1), before) && !touches(word.slice(-1), after);
}
